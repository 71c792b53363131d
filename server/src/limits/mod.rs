//! How often something may be done: counted for all instances in Redis where there is one, in memory where there is none
//! or it does not answer. Never unlimited, and never an error: a limit that cannot be shared is still one.
//!
//! A generic cell rate (GCRA): each key holds one number, the moment its quota is full again.

mod meter;
mod shared;

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::time::Timestamp;

use meter::Meter;
pub use shared::Shared;
use shared::Verdict;

/// A burst, and then one more every so often.
#[derive(Debug, Clone, Copy)]
pub struct Quota {
    burst: i64,
    refill_ms: i64,
}

impl Quota {
    /// So many at once, and then one more in so many milliseconds.
    pub const fn new(burst: i64, refill_ms: i64) -> Self {
        Self { burst, refill_ms }
    }

    /// All that may be owed at once, ms.
    const fn most_ms(self) -> i64 {
        self.burst * self.refill_ms
    }

    /// When to come back with `cost`, if the quota is full again at `full_at`.
    fn wait(self, full_at: Timestamp, cost: i64, now: Timestamp) -> RetryAfter {
        let debt_ms = full_at.max(now).since(now) + cost * self.refill_ms - self.most_ms();
        RetryAfter(u32::try_from((debt_ms.max(1) + 999) / 1000).unwrap_or(u32::MAX))
    }

    /// How many have been taken and not yet refilled.
    fn taken(self, full_at: Timestamp, now: Timestamp) -> i64 {
        (full_at.since(now).max(0) + self.refill_ms - 1) / self.refill_ms
    }
}

/// Too many tries; the next may succeed after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub u32);

/// One quota for each key.
#[derive(Debug)]
pub struct Limit {
    /// What is counted, told apart from other limits in Redis.
    name: String,
    quota: Quota,
    /// What this instance knows; it goes by it while Redis is away.
    local: Mutex<Meter>,
    shared: Shared,
}

impl Limit {
    /// Nothing has been counted here.
    pub fn new(name: impl Into<String>, quota: Quota, shared: &Shared) -> Self {
        Self {
            name: name.into(),
            quota,
            local: Mutex::default(),
            shared: shared.clone(),
        }
    }

    /// Counts `cost`, unless the quota has less left.
    ///
    /// # Errors
    /// When to come back.
    pub async fn take(&self, key: &str, cost: i64, now: Timestamp) -> Result<(), RetryAfter> {
        match self.shared.take(&self.name, key, self.quota, cost, now).await {
            Some(Verdict::Taken(full_at)) => {
                self.local().set(key, full_at, now);
                Ok(())
            }
            Some(Verdict::Refused(full_at)) => {
                self.local().set(key, full_at, now);
                Err(self.quota.wait(full_at, cost, now))
            }
            None => self.local().take(key, self.quota, cost, now),
        }
    }

    /// Takes one back that should not count after all.
    pub async fn give_back(&self, key: &str) {
        self.local().give_back(key, self.quota);
        self.shared.give_back(&self.name, key, self.quota).await;
    }

    /// Nothing was ever counted for this key.
    pub async fn clear(&self, key: &str) {
        self.local().remove(key);
        self.shared.clear(&self.name, key).await;
    }

    /// How many have been taken and not yet refilled.
    pub async fn taken(&self, key: &str, now: Timestamp) -> i64 {
        let full_at = self.shared.full_at(&self.name, key).await;
        let full_at = full_at.unwrap_or_else(|| self.local().full_at(key)).unwrap_or(now);
        self.quota.taken(full_at, now)
    }

    fn local(&self) -> MutexGuard<'_, Meter> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
