//! What was measured over time, as the pages read it. Times are Unix milliseconds, temperatures °C, humidities %,
//! dates those of the device's own calendar, `YYYY-MM-DD`.

use super::rooms::{Band, DayPoint, SlotPoint};

/// Which room, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomName {
    /// Serial number of its device.
    pub serial: String,
    /// What its people call it.
    pub name: String,
}

/// Time-weighted means of a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// Temperature.
    pub t: Option<f64>,
    /// Relative humidity.
    pub h: Option<f64>,
}

/// The days of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodView {
    /// Each of its days, oldest first; one without readings is there too, with `n` 0.
    pub days: Vec<DayPoint>,
    /// Of the whole period.
    pub means: Means,
    /// Of as many days before it, if both speak for at least half of their time: else they cannot be compared.
    pub before: Option<Means>,
    /// How many alerts fired on each of its days.
    pub alerts: Vec<u32>,
}

/// One local day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayView {
    /// Where.
    pub room: RoomName,
    /// Its date.
    pub day: String,
    /// The date before, unless nothing was measured before it.
    pub earlier: Option<String>,
    /// The date after, unless it is still to come.
    pub later: Option<String>,
    /// Its two-hour slots that hold readings, oldest first.
    pub slots: Vec<SlotPoint>,
    /// Temperature of the whole day.
    pub t: Option<Band>,
    /// Relative humidity of the whole day.
    pub h: Option<Band>,
    /// Minutes that readings speak for.
    pub covered_min: u32,
    /// Minutes of the day; of today what there has been of it.
    pub length_min: u32,
}

/// What a two-hour slot of a weekday is like over a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatternCell {
    /// 0 is Monday.
    pub weekday: usize,
    /// 0 is 00–02 h.
    pub slot: usize,
    /// Its means over all such days.
    pub means: Means,
}

/// The last 24 hours.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseView {
    /// Means of five minutes, oldest first.
    pub points: Vec<CoursePoint>,
    /// The longest time between two points that belong together; more is a gap.
    pub gap_ms: i64,
    /// 24 hours ago.
    pub from: i64,
    /// Now.
    pub to: i64,
    /// What the device's wall clock is ahead of UTC now, ms.
    pub offset_ms: i64,
    /// When alerts fired.
    pub alerts: Vec<i64>,
}

/// A few minutes of the last day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoursePoint {
    /// When.
    pub at: i64,
    /// Means.
    pub means: Means,
}

/// A room among others.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedRoom {
    /// Which.
    pub room: RoomName,
    /// The same dates for every room, oldest first.
    pub days: Vec<DayPoint>,
    /// Of the whole period.
    pub means: Means,
}
