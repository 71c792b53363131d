//! How long to wait before the next attempt to connect: exponential, with full jitter, so that many servers and many
//! devices that lost the same broker do not come back in step.

use std::time::Duration;

use super::trouble::Trouble;

/// The ceiling of the first wait, and of the last.
const FIRST_MS: u64 = 500;
/// Short enough that readings come in again within a quarter of a minute after the broker is back.
const LAST_MS: u64 = 10_000;
/// After refused credentials, or when another process uses our session: a person has to act, so hammering is useless.
const HOPELESS_FIRST_MS: u64 = 15_000;
const HOPELESS_LAST_MS: u64 = 300_000;

/// The wait after `failures` attempts in a row (at least one) have failed; `random` is drawn from 0 to 1.
pub(super) fn delay(failures: u32, trouble: Trouble, random: f64) -> Duration {
    let (first, last) = match trouble {
        Trouble::Refused | Trouble::TakenOver => (HOPELESS_FIRST_MS, HOPELESS_LAST_MS),
        Trouble::Unreachable | Trouble::Lost => (FIRST_MS, LAST_MS),
    };
    let doublings = failures.saturating_sub(1).min(16);
    let ceiling = Duration::from_millis((first << doublings).min(last));
    let portion = match trouble {
        Trouble::Refused | Trouble::TakenOver => 0.5 + random / 2.0,
        Trouble::Unreachable | Trouble::Lost => random,
    };
    ceiling.mul_f64(portion)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(failures: u32, trouble: Trouble) -> u128 {
        delay(failures, trouble, 1.0).as_millis()
    }

    #[test]
    fn the_wait_doubles_up_to_ten_seconds() {
        let waits: Vec<_> = (1..=9).map(|n| longest(n, Trouble::Unreachable)).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
        assert_eq!(longest(u32::MAX, Trouble::Lost), 10_000);
    }

    #[test]
    fn the_jitter_is_full() {
        assert_eq!(delay(5, Trouble::Lost, 0.0), Duration::ZERO);
        assert_eq!(delay(5, Trouble::Lost, 0.5), Duration::from_secs(4));
    }

    #[test]
    fn refused_credentials_are_tried_rarely() {
        assert!(delay(1, Trouble::Refused, 0.0) >= Duration::from_secs(7));
        assert_eq!(longest(9, Trouble::Refused), 300_000);
        assert_eq!(longest(9, Trouble::TakenOver), 300_000);
    }
}
