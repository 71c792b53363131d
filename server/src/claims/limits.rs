//! How often one may guess claim codes: per person and per serial.
//!
//! A code has 60 bits, so this is not what keeps devices safe; it keeps guessing from being a pastime. Only wrong codes
//! count, and the guesses of others never shut out the person with the sticker in hand: when a serial's quota is spent,
//! whoever has hardly guessed at all is still let through.

use domain::time::Timestamp;

use crate::db::UserId;
use crate::limits::{Limit, Quota, RetryAfter, Shared};

/// 10 wrong codes of one person, then one a minute.
const PERSON_BURST: i64 = 10;
const PERSON_REFILL_MS: i64 = 60_000;
const PER_PERSON: Quota = Quota::new(PERSON_BURST, PERSON_REFILL_MS);
/// 20 wrong codes for one serial, whoever sends them, then one in five minutes.
const SERIAL_BURST: i64 = 20;
const SERIAL_REFILL_MS: i64 = 300_000;
const PER_SERIAL: Quota = Quota::new(SERIAL_BURST, SERIAL_REFILL_MS);
/// Wrong codes that one has free even if the serial's quota is spent.
const FREE: i64 = 3;
/// Longer texts are no serials; they share one quota.
const MAX_SERIAL_CHARS: usize = 32;

/// Counts wrong claim codes.
#[derive(Debug)]
pub struct ClaimLimits {
    people: Limit,
    serials: Limit,
}

impl ClaimLimits {
    /// Counts together with other instances, if there are any.
    pub fn new(shared: &Shared) -> Self {
        Self {
            people: Limit::new("claims:person", PER_PERSON, shared),
            serials: Limit::new("claims:serial", PER_SERIAL, shared),
        }
    }

    /// Whether this person may try a code for this serial now.
    ///
    /// # Errors
    /// When to come back.
    pub async fn admit(&self, person: UserId, serial: &str, now: Timestamp) -> Result<(), RetryAfter> {
        let guessed = self.people.taken(&person.0.to_string(), now).await;
        if guessed >= PERSON_BURST {
            return Err(wait(PERSON_REFILL_MS));
        }
        if guessed >= FREE && self.serials.taken(&key(serial), now).await >= SERIAL_BURST {
            return Err(wait(SERIAL_REFILL_MS));
        }
        Ok(())
    }

    /// The code was wrong.
    pub async fn failed(&self, person: UserId, serial: &str, now: Timestamp) {
        // A quota that is spent stays spent: nothing more to count.
        let _ = self.people.take(&person.0.to_string(), 1, now).await;
        let _ = self.serials.take(&key(serial), 1, now).await;
    }
}

fn wait(refill_ms: i64) -> RetryAfter {
    RetryAfter(u32::try_from(refill_ms / 1000).unwrap_or(u32::MAX))
}

/// As people spell it does not matter.
fn key(serial: &str) -> String {
    let serial = serial.trim().to_ascii_uppercase();
    if serial.len() > MAX_SERIAL_CHARS {
        String::new()
    } else {
        serial
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
    const SERIAL: &str = "TL-7K3F9Q2M";

    #[tokio::test]
    async fn a_person_may_be_wrong_ten_times_and_then_once_a_minute() {
        let limits = ClaimLimits::new(&Shared::default());
        let (thief, other) = (UserId(1), UserId(2));
        for n in 0..10 {
            assert_eq!(limits.admit(thief, &format!("TL-{n}"), NOW).await, Ok(()));
            limits.failed(thief, &format!("TL-{n}"), NOW).await;
        }
        assert_eq!(limits.admit(thief, SERIAL, NOW).await, Err(RetryAfter(60)));
        assert_eq!(limits.admit(other, SERIAL, NOW).await, Ok(()), "others are not hurt");
        assert_eq!(limits.admit(thief, SERIAL, NOW.plus_millis(60_000)).await, Ok(()));
    }

    #[tokio::test]
    async fn the_guesses_of_others_never_shut_out_the_person_with_the_sticker() {
        let limits = ClaimLimits::new(&Shared::default());
        for n in 0..1_000 {
            limits.failed(UserId(n), SERIAL, NOW).await;
        }
        let owner = UserId(5_000);
        for _ in 0..FREE {
            assert_eq!(
                limits.admit(owner, SERIAL, NOW).await,
                Ok(()),
                "even after a slip or two"
            );
            limits.failed(owner, " tl-7k3f9q2m", NOW).await;
        }
        assert_eq!(limits.admit(owner, SERIAL, NOW).await, Err(RetryAfter(300)));
        assert_eq!(limits.admit(owner, "TL-ANOTHER0", NOW).await, Ok(()));
    }
}
