//! What was measured: today, the last day at a glance, and any stretch of days.
//!
//! Everything is answered from slots, so a year costs as much as its 4,380 rows; only the last day's outline and raw
//! values come from single readings. All values are calibrated.

mod days;
mod pieces;
mod points;
mod recent;
mod slots;
mod today;

pub use days::{DaySums, day_sums};
pub use pieces::pieces;
pub use points::{Point, Step, history};
pub use recent::{COURSE_STEP_MS, SPARK_POINTS, course, sparks, trends};
pub use slots::day_slots;
pub use today::{Today, today, todays};

use domain::rollup::Aggregate;

/// Average, lowest and highest value of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Time-weighted.
    pub avg: f64,
    /// Lowest.
    pub min: f64,
    /// Highest.
    pub max: f64,
}

impl From<Aggregate> for Band {
    fn from(aggregate: Aggregate) -> Self {
        Self {
            avg: aggregate.avg(),
            min: aggregate.min,
            max: aggregate.max,
        }
    }
}
