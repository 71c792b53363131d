//! What one instance has counted, in bounded memory.

use std::collections::HashMap;

use domain::time::Timestamp;

use super::{Quota, RetryAfter};

/// More keys than this at once means an attack from everywhere; then the fullest are kept.
const MAX_KEYS: usize = 50_000;

/// Counts for each key what it has used of a quota. Keys whose moment has passed carry nothing and are forgotten.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// When each key's quota is full again.
    full_at: HashMap<String, Timestamp>,
}

impl Meter {
    /// Counts `cost` at once, unless the quota has less left.
    pub(super) fn take(&mut self, key: &str, quota: Quota, cost: i64, now: Timestamp) -> Result<(), RetryAfter> {
        let full_at = self.full_at(key).unwrap_or(now).max(now);
        let after = full_at.plus_millis(cost * quota.refill_ms);
        if after.since(now) > quota.most_ms() {
            return Err(quota.wait(full_at, cost, now));
        }
        self.set(key, after, now);
        Ok(())
    }

    /// Takes over what was counted elsewhere.
    pub(super) fn set(&mut self, key: &str, full_at: Timestamp, now: Timestamp) {
        if self.full_at.len() >= MAX_KEYS {
            self.forget(now);
        }
        self.full_at.insert(key.to_owned(), full_at);
    }

    pub(super) fn give_back(&mut self, key: &str, quota: Quota) {
        if let Some(full_at) = self.full_at.get_mut(key) {
            *full_at = full_at.plus_millis(-quota.refill_ms);
        }
    }

    pub(super) fn remove(&mut self, key: &str) {
        self.full_at.remove(key);
    }

    pub(super) fn full_at(&self, key: &str) -> Option<Timestamp> {
        self.full_at.get(key).copied()
    }

    /// Drops keys that carry nothing, and if that is not enough the half that carries least.
    fn forget(&mut self, now: Timestamp) {
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() < MAX_KEYS {
            return;
        }
        let mut moments: Vec<_> = self.full_at.values().copied().collect();
        let middle = moments.len() / 2;
        let (_, median, _) = moments.select_nth_unstable(middle);
        let median = *median;
        self.full_at.retain(|_, full_at| *full_at > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_keys_stays_bounded() {
        let now = Timestamp::from_millis(1_795_161_600_000);
        let mut meter = Meter::default();
        for n in 0..2 * MAX_KEYS {
            let _ = meter.take(&n.to_string(), Quota::new(10, 60_000), 1, now);
        }
        assert!(meter.full_at.len() <= MAX_KEYS);
    }
}
