//! How long to wait before the next attempt to connect.
//!
//! Exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture
//! Blog, 2015): after a power cut ten thousand devices must not come back in the same second.

use crate::uptime::Uptime;

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 60_000;
/// A wrong password does not become right by asking more often.
const FIRST_REFUSED_MS: u64 = 60_000;
const LONGEST_REFUSED_MS: u64 = 15 * 60_000;
/// A connection that broke sooner was no success: without this a broker that accepts and drops
/// would be asked in an endless quick loop.
const SUCCESS_MS: u64 = 10_000;

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The network or the broker is away.
    Lost,
    /// The broker does not accept name or password.
    Refused,
}

/// Counts failures since the last connection that lasted.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Milliseconds to wait; `random` is any number, evenly distributed.
    pub fn delay_ms(&mut self, cause: Cause, connected_since: Option<Uptime>, now: Uptime, random: u32) -> u64 {
        if connected_since.is_some_and(|since| now.since(since) >= SUCCESS_MS) {
            self.failures = 0;
        }
        let doubled = |first: u64, longest: u64| longest.min(first << self.failures.min(16));
        let (floor, ceiling) = match cause {
            Cause::Lost => (0, doubled(FIRST_MS, LONGEST_MS)),
            Cause::Refused => {
                let ceiling = doubled(FIRST_REFUSED_MS, LONGEST_REFUSED_MS);
                (ceiling / 2, ceiling)
            }
        };
        self.failures = self.failures.saturating_add(1);
        floor + (((ceiling - floor) * u64::from(random)) >> 32)
    }
}
