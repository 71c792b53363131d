//! Which way a room's temperature goes, in a word and a number.

use crate::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
/// How far the trend looks back.
const WINDOW_MS: i64 = 60 * MINUTE_MS;
/// A shorter history than this says nothing yet.
const SHORTEST_MS: i64 = 30 * MINUTE_MS;
/// Each end is the mean of this long, so that one reading's noise is no trend.
const END_MS: i64 = 10 * MINUTE_MS;
/// Less than this is the sensor's noise, °C.
const STEADY_C: f64 = 0.3;

/// The change over the last half hour to hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Change, °C; positive is warmer.
    pub delta_c: f64,
    /// Time it took, minutes.
    pub minutes: u32,
}

/// A [`Trend`] in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// No change beyond the sensor's noise.
    Steady,
    /// Warmer.
    Rising,
    /// Colder.
    Falling,
}

impl Trend {
    /// The word for it.
    pub fn direction(self) -> Direction {
        match self.delta_c {
            d if d >= STEADY_C => Direction::Rising,
            d if d <= -STEADY_C => Direction::Falling,
            _ => Direction::Steady,
        }
    }
}

impl Direction {
    /// The name used in the API and the browser.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Rising => "rising",
            Self::Falling => "falling",
        }
    }
}

/// The trend at `now` from sound temperatures sorted by time.
///
/// `None` if the last hour holds less than half an hour of readings, or the newest is too old to
/// speak of now.
pub fn trend(now: Timestamp, temperatures: &[(Timestamp, f64)]) -> Option<Trend> {
    let from = now.plus_millis(-WINDOW_MS);
    let first = temperatures.partition_point(|(at, _)| *at < from);
    let window = &temperatures[first..];
    let (oldest, newest) = (window.first()?.0, window.last()?.0);
    if newest.since(oldest) < SHORTEST_MS || now.since(newest) > SHORTEST_MS {
        return None;
    }
    let early = window.partition_point(|(at, _)| at.since(oldest) < END_MS);
    let late = window.partition_point(|(at, _)| newest.since(*at) >= END_MS);
    let (early_min, early_c) = centre(&window[..early], oldest);
    let (late_min, late_c) = centre(&window[late..], oldest);
    let minutes = libm::round(late_min - early_min);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 60")]
    Some(Trend {
        delta_c: late_c - early_c,
        minutes: minutes as u32,
    })
}

/// Mean time (minutes after `origin`) and mean temperature of one end of the window, which holds
/// at least one reading.
#[expect(clippy::cast_precision_loss, reason = "an hour holds few readings and milliseconds")]
fn centre(readings: &[(Timestamp, f64)], origin: Timestamp) -> (f64, f64) {
    let n = readings.len() as f64;
    let ms: i64 = readings.iter().map(|(at, _)| at.since(origin)).sum();
    let sum_c: f64 = readings.iter().map(|(_, t)| t).sum();
    (ms as f64 / n / MINUTE_MS as f64, sum_c / n)
}
