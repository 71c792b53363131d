//! A point of the last day's course, made alike by the server and, as readings come in, by the browser.

use crate::words::number::tenths;

const MINUTE_MS: i64 = 60_000;

/// A point to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseItem {
    /// What the device's wall clock showed, as Unix ms of UTC.
    pub at: i64,
    /// In the unit it is read in.
    pub value: f64,
    /// What is told of it: `15:24  23.4°`.
    pub name: String,
}

impl CourseItem {
    /// A point with its words; `mark` is written behind the number.
    pub fn new(at: i64, value: f64, mark: &str) -> Self {
        let minute = at.div_euclid(MINUTE_MS).rem_euclid(24 * 60);
        let name = format!("{:02}:{:02}  {}{mark}", minute / 60, minute % 60, tenths(value));
        Self { at, value, name }
    }
}
