//! How often one may try to sign in: per address and per account, in memory.
//!
//! A generic cell rate (GCRA): each key holds one number, the moment its quota is full again. Keys
//! whose moment has passed carry nothing and are forgotten, and the number of keys is bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Mutex;

use domain::time::Timestamp;

/// More keys than this at once means an attack from everywhere; then the fullest are kept.
const MAX_KEYS: usize = 50_000;

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
}

/// 20 tries from one address, then one in 15 seconds.
const PER_ADDRESS: Quota = Quota {
    burst: 20,
    refill_ms: 15_000,
};
/// 10 tries at one account, then one a minute: slow for a thief, and never a lasting lock-out.
const PER_ACCOUNT: Quota = Quota {
    burst: 10,
    refill_ms: 60_000,
};

/// 12 mails asked for from one address, then one a minute.
const MAILS_PER_ADDRESS: Quota = Quota {
    burst: 12,
    refill_ms: 60_000,
};
/// 5 mails to one account, then one in ten minutes: enough for the forgetful, too few to fill a mailbox.
const MAILS_PER_ACCOUNT: Quota = Quota {
    burst: 5,
    refill_ms: 600_000,
};
/// 10 codes of an authenticator app at one account, then one an hour: whoever tries them knows the password already.
const CODES_PER_ACCOUNT: Quota = Quota {
    burst: 10,
    refill_ms: 3_600_000,
};

/// Too many tries; the next may succeed after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub u32);

/// Counts attempts to sign in, or to have mails sent.
#[derive(Debug)]
pub struct SignInLimits {
    per_address: Quota,
    per_account: Quota,
    addresses: Mutex<Meter<IpAddr>>,
    accounts: Mutex<Meter<String>>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self::with(PER_ADDRESS, PER_ACCOUNT)
    }
}

impl SignInLimits {
    /// How often somebody may have a code sent by mail.
    pub fn of_mails() -> Self {
        Self::with(MAILS_PER_ADDRESS, MAILS_PER_ACCOUNT)
    }

    /// How often the codes of an authenticator app may be tried.
    pub fn of_codes() -> Self {
        Self::with(PER_ADDRESS, CODES_PER_ACCOUNT)
    }

    fn with(per_address: Quota, per_account: Quota) -> Self {
        Self {
            per_address,
            per_account,
            addresses: Mutex::default(),
            accounts: Mutex::default(),
        }
    }

    /// Counts one attempt, unless one of its quotas is spent.
    ///
    /// # Errors
    /// When to come back.
    pub fn attempt(&self, from: IpAddr, account: &str, now: Timestamp) -> Result<(), RetryAfter> {
        let mut addresses = self.addresses.lock().expect("no panic under this lock");
        addresses.take(network_of(from), self.per_address, now)?;
        let mut accounts = self.accounts.lock().expect("no panic under this lock");
        accounts.take(account.to_owned(), self.per_account, now)
    }

    /// A right password clears the account's count and gives the attempt back to the address, so honest people
    /// never collect a debt, however many of them share an address.
    pub fn succeeded(&self, from: IpAddr, account: &str) {
        let mut addresses = self.addresses.lock().expect("no panic under this lock");
        addresses.give_back(&network_of(from), self.per_address);
        drop(addresses);
        self.accounts
            .lock()
            .expect("no panic under this lock")
            .full_at
            .remove(account);
    }
}

impl SignInLimits {
    /// Forgets an account that is no more.
    pub fn forget(&self, account: &str) {
        let mut accounts = self.accounts.lock().expect("no panic under this lock");
        accounts.full_at.remove(account);
    }
}

/// An IPv6 customer owns a whole /64: counting single addresses there would count nothing.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Counts for each key what it has used of a quota.
#[derive(Debug)]
pub struct Meter<K> {
    /// When each key's quota is full again.
    full_at: HashMap<K, Timestamp>,
}

impl<K> Default for Meter<K> {
    fn default() -> Self {
        Self {
            full_at: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq + Clone> Meter<K> {
    /// Counts one, unless the quota is spent.
    ///
    /// # Errors
    /// When to come back.
    pub fn take(&mut self, key: K, quota: Quota, now: Timestamp) -> Result<(), RetryAfter> {
        self.take_many(key, quota, 1, now)
    }

    /// Counts `cost` at once, unless the quota has less left.
    ///
    /// # Errors
    /// When to come back.
    pub fn take_many(&mut self, key: K, quota: Quota, cost: i64, now: Timestamp) -> Result<(), RetryAfter> {
        if self.full_at.len() >= MAX_KEYS {
            self.forget(now);
        }
        let full_at = self.full_at.get(&key).copied().unwrap_or(now).max(now);
        let after = full_at.plus_millis(cost * quota.refill_ms);
        let debt_ms = after.since(now) - quota.burst * quota.refill_ms;
        if debt_ms > 0 {
            let seconds = u32::try_from((debt_ms + 999) / 1000).unwrap_or(u32::MAX);
            return Err(RetryAfter(seconds));
        }
        self.full_at.insert(key, after);
        Ok(())
    }

    /// Takes one back that should not count after all.
    pub fn give_back(&mut self, key: &K, quota: Quota) {
        if let Some(full_at) = self.full_at.get_mut(key) {
            *full_at = full_at.plus_millis(-quota.refill_ms);
        }
    }

    /// How many have been taken and not yet refilled.
    pub fn taken(&self, key: &K, quota: Quota, now: Timestamp) -> i64 {
        let owed_ms = self.full_at.get(key).map_or(0, |full_at| full_at.since(now).max(0));
        (owed_ms + quota.refill_ms - 1) / quota.refill_ms
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

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

    fn v4(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn an_address_may_try_twenty_times_and_then_waits() {
        let limits = SignInLimits::default();
        for n in 0..20 {
            assert_eq!(limits.attempt(v4(1), &format!("{n}@x"), NOW), Ok(()));
        }
        assert_eq!(limits.attempt(v4(1), "more@x", NOW), Err(RetryAfter(15)));
        assert_eq!(limits.attempt(v4(2), "more@x", NOW), Ok(()), "others are not hurt");
        assert_eq!(limits.attempt(v4(1), "more@x", NOW.plus_millis(15_000)), Ok(()));
    }

    #[test]
    fn an_account_is_guarded_against_many_addresses_but_never_locked_for_good() {
        let limits = SignInLimits::default();
        for n in 0..10 {
            assert_eq!(limits.attempt(v4(n), "who@x", NOW), Ok(()));
        }
        assert_eq!(limits.attempt(v4(10), "who@x", NOW), Err(RetryAfter(60)));
        assert_eq!(limits.attempt(v4(11), "who@x", NOW.plus_millis(60_000)), Ok(()));
    }

    #[test]
    fn a_right_password_clears_the_count() {
        let limits = SignInLimits::default();
        for n in 0..10 {
            assert_eq!(limits.attempt(v4(n), "who@x", NOW), Ok(()));
        }
        limits.succeeded(v4(0), "who@x");
        assert_eq!(limits.attempt(v4(10), "who@x", NOW), Ok(()));
    }

    #[test]
    fn people_who_share_an_address_and_know_their_passwords_do_not_use_it_up() {
        let limits = SignInLimits::default();
        for n in 0..100 {
            let account = format!("{n}@x");
            assert_eq!(limits.attempt(v4(1), &account, NOW), Ok(()));
            limits.succeeded(v4(1), &account);
        }
        for n in 0..20 {
            assert_eq!(limits.attempt(v4(1), &format!("wrong-{n}@x"), NOW), Ok(()));
        }
        assert!(
            limits.attempt(v4(1), "wrong@x", NOW).is_err(),
            "a success gives back one try, not all"
        );
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let limits = SignInLimits::default();
        for n in 0..20_u128 {
            let address = IpAddr::V6(((0x2001_0db8_u128 << 96) | n).into());
            assert_eq!(limits.attempt(address, &format!("{n}@x"), NOW), Ok(()));
        }
        let neighbour = IpAddr::V6(((0x2001_0db8_u128 << 96) | 0x3e7).into());
        assert!(limits.attempt(neighbour, "more@x", NOW).is_err());
    }

    #[test]
    fn the_number_of_keys_stays_bounded() {
        let mut meter = Meter::default();
        for n in 0..2 * MAX_KEYS {
            let _ = meter.take(n, PER_ACCOUNT, NOW);
        }
        assert!(meter.full_at.len() <= MAX_KEYS);
    }
}
