//! How long to wait before a batch is tried again.

use std::time::Duration;

use crate::error::Error;

const FIRST_MS: u64 = 50;
const LONGEST_MS: u64 = 2_000;
/// A transaction that was in the way is gone after a few of these.
const LOCK_JITTER_MS: u64 = 10;
/// Outages in a row after which a stopping server gives up, about five seconds.
const PATIENCE: u32 = 7;

/// Counts the failures of one batch.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    outages: u32,
}

impl Backoff {
    /// Waits for a moment that is unlikely to be the rival's as well.
    pub(super) async fn after_lock(&self) {
        metrics::counter!("templog_commit_retries_total", "why" => "lock").increment(1);
        sleep_up_to(LOCK_JITTER_MS).await;
    }

    /// Waits longer each time, up to two seconds.
    pub(super) async fn after_outage(&mut self, error: &Error) {
        metrics::counter!("templog_commit_retries_total", "why" => "outage").increment(1);
        if self.outages == 0 {
            tracing::warn!(%error, "the database does not take readings: the intake waits");
        }
        self.outages = self.outages.saturating_add(1);
        let longest = ceiling_ms(self.outages);
        tokio::time::sleep(Duration::from_millis(longest / 2)).await;
        sleep_up_to(longest / 2).await;
    }

    /// Whether it has been tried for long enough to stop without success.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.outages >= PATIENCE
    }
}

fn ceiling_ms(outages: u32) -> u64 {
    FIRST_MS.saturating_mul(1 << outages.min(16)).min(LONGEST_MS)
}

async fn sleep_up_to(ms: u64) {
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..=ms))).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_up_to_two_seconds() {
        let waits: Vec<_> = (1..=8).map(ceiling_ms).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 2000, 2000, 2000]);
        assert_eq!(ceiling_ms(u32::MAX), 2000);
    }
}
