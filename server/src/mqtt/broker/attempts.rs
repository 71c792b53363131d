//! How often an address may fail to sign in.
//!
//! Nobody guesses a 256-bit password; this keeps a flood of attempts away from the database and the log. It is wide
//! enough that a few devices with wrong passwords, each backing off, never shut out their neighbours behind the same
//! router.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use domain::time::Timestamp;

/// Failures that may come at once.
const BURST: i64 = 60;
/// One more is allowed every so many ms.
const REFILL_MS: i64 = 1_000;
/// The most addresses remembered.
const REMEMBERED: usize = 10_000;

/// Counts failures per address.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// For each address the moment by which its failures are forgiven.
    forgiven_at: Mutex<HashMap<IpAddr, Timestamp>>,
}

impl Attempts {
    /// Whether `address` may try now.
    pub(super) fn admits(&self, address: IpAddr, now: Timestamp) -> bool {
        let forgiven_at = self.forgiven_at.lock().unwrap_or_else(PoisonError::into_inner);
        forgiven_at
            .get(&network(address))
            .is_none_or(|at| at.since(now) <= (BURST - 1) * REFILL_MS)
    }

    /// Notes that `address` has failed.
    pub(super) fn failed(&self, address: IpAddr, now: Timestamp) {
        let mut forgiven_at = self.forgiven_at.lock().unwrap_or_else(PoisonError::into_inner);
        if forgiven_at.len() >= REMEMBERED {
            forgiven_at.retain(|_, at| *at > now);
            if forgiven_at.len() >= REMEMBERED {
                forgiven_at.clear();
            }
        }
        let at = forgiven_at.entry(network(address)).or_insert(now);
        *at = (*at).max(now).plus_millis(REFILL_MS);
    }
}

/// One subscriber's address: for IPv6 the /64 that providers hand to one customer.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn sixty_failures_shut_the_address_out_and_a_second_later_one_more_is_allowed() {
        let attempts = Attempts::default();
        let start = Timestamp::from_millis(1_000_000);
        for _ in 0..BURST {
            assert!(attempts.admits(HOME, start));
            attempts.failed(HOME, start);
        }
        assert!(!attempts.admits(HOME, start));
        assert!(attempts.admits("192.0.2.2".parse().unwrap(), start));

        let later = start.plus_millis(REFILL_MS);
        assert!(attempts.admits(HOME, later));
        attempts.failed(HOME, later);
        assert!(!attempts.admits(HOME, later));
    }

    #[test]
    fn a_device_that_fails_every_second_never_shuts_out_its_neighbours() {
        let attempts = Attempts::default();
        for second in 0..1_000 {
            let now = Timestamp::from_millis(second * REFILL_MS);
            assert!(attempts.admits(HOME, now));
            attempts.failed(HOME, now);
        }
    }

    #[test]
    fn addresses_of_one_ipv6_customer_count_together() {
        let attempts = Attempts::default();
        let now = Timestamp::from_millis(0);
        for host in 0..BURST {
            attempts.failed(format!("2001:db8:1:2::{host:x}").parse().unwrap(), now);
        }
        assert!(!attempts.admits("2001:db8:1:2:ffff::1".parse().unwrap(), now));
        assert!(attempts.admits("2001:db8:1:3::1".parse().unwrap(), now));
    }

    #[test]
    fn memory_is_bounded_however_many_addresses_fail() {
        let attempts = Attempts::default();
        for host in 0..3 * u32::try_from(REMEMBERED).unwrap() {
            attempts.failed(IpAddr::V4(host.into()), Timestamp::from_millis(0));
        }
        assert!(attempts.forgiven_at.lock().unwrap().len() <= REMEMBERED);
    }
}
