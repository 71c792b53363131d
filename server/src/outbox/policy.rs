//! The numbers the worker goes by.

use std::time::Duration;

/// How the worker goes about it.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Letters on their way at the same time.
    pub at_once: usize,
    /// How long a claim holds unless it is extended, which happens three times as often. After a crash a letter waits
    /// this long for somebody else.
    pub lease: Duration,
    /// Tries after which a letter is dead. With waits of up to 15 minutes, 11¼ on average, 400 take about three days.
    pub max_attempts: i64,
    /// How long a stopping server lets mails under way arrive.
    pub grace: Duration,
    /// How long accepted letters can be told about.
    pub keep_accepted: Duration,
    /// How long dead ones can.
    pub keep_dead: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            at_once: 8,
            lease: Duration::from_secs(30),
            max_attempts: 400,
            grace: Duration::from_millis(500),
            keep_accepted: DAY * 30,
            keep_dead: DAY * 365,
        }
    }
}

/// A duration as the clock counts.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
