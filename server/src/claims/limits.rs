//! How often one may guess claim codes: per person and per serial, in memory.
//!
//! A code has 60 bits, so this is not what keeps devices safe; it keeps guessing from being a pastime. Only wrong codes
//! count, and the guesses of others never shut out the person with the sticker in hand: when a serial's quota is spent,
//! whoever has hardly guessed at all is still let through.

use std::sync::Mutex;

use domain::time::Timestamp;

use crate::auth::{Meter, Quota, RetryAfter};
use crate::db::UserId;

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
#[derive(Debug, Default)]
pub struct ClaimLimits {
    people: Mutex<Meter<UserId>>,
    serials: Mutex<Meter<String>>,
}

impl ClaimLimits {
    /// Whether this person may try a code for this serial now.
    ///
    /// # Errors
    /// When to come back.
    pub fn admit(&self, person: UserId, serial: &str, now: Timestamp) -> Result<(), RetryAfter> {
        let people = self.people.lock().expect("no panic under this lock");
        let guessed = people.taken(&person, PER_PERSON, now);
        if guessed >= PERSON_BURST {
            return Err(wait(PERSON_REFILL_MS));
        }
        let serials = self.serials.lock().expect("no panic under this lock");
        if guessed >= FREE && serials.taken(&key(serial), PER_SERIAL, now) >= SERIAL_BURST {
            return Err(wait(SERIAL_REFILL_MS));
        }
        Ok(())
    }

    /// The code was wrong.
    pub fn failed(&self, person: UserId, serial: &str, now: Timestamp) {
        // A quota that is spent stays spent: nothing more to count.
        let _ = self
            .people
            .lock()
            .expect("no panic under this lock")
            .take(person, PER_PERSON, now);
        let _ = self
            .serials
            .lock()
            .expect("no panic under this lock")
            .take(key(serial), PER_SERIAL, now);
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

    #[test]
    fn a_person_may_be_wrong_ten_times_and_then_once_a_minute() {
        let limits = ClaimLimits::default();
        let (thief, other) = (UserId(1), UserId(2));
        for n in 0..10 {
            assert_eq!(limits.admit(thief, &format!("TL-{n}"), NOW), Ok(()));
            limits.failed(thief, &format!("TL-{n}"), NOW);
        }
        assert_eq!(limits.admit(thief, SERIAL, NOW), Err(RetryAfter(60)));
        assert_eq!(limits.admit(other, SERIAL, NOW), Ok(()), "others are not hurt");
        assert_eq!(limits.admit(thief, SERIAL, NOW.plus_millis(60_000)), Ok(()));
    }

    #[test]
    fn the_guesses_of_others_never_shut_out_the_person_with_the_sticker() {
        let limits = ClaimLimits::default();
        for n in 0..1_000 {
            limits.failed(UserId(n), SERIAL, NOW);
        }
        let owner = UserId(5_000);
        for _ in 0..FREE {
            assert_eq!(limits.admit(owner, SERIAL, NOW), Ok(()), "even after a slip or two");
            limits.failed(owner, " tl-7k3f9q2m", NOW);
        }
        assert_eq!(limits.admit(owner, SERIAL, NOW), Err(RetryAfter(300)));
        assert_eq!(limits.admit(owner, "TL-ANOTHER0", NOW), Ok(()));
    }
}
