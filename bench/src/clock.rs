//! The bench's clocks: the one place here that asks what time it is.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Monotonic: for durations between two events of this process.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Unix milliseconds: what a device would stamp on a reading.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
