//! How often one may try to sign in, or have mails sent: per address and per account.

use std::net::IpAddr;

use domain::time::Timestamp;

use crate::limits::{Limit, Quota, RetryAfter, Shared};

/// 20 tries from one address, then one in 15 seconds.
const PER_ADDRESS: Quota = Quota::new(20, 15_000);
/// 10 tries at one account, then one a minute: slow for a thief, and never a lasting lock-out.
const PER_ACCOUNT: Quota = Quota::new(10, 60_000);

/// 12 mails asked for from one address, then one a minute.
const MAILS_PER_ADDRESS: Quota = Quota::new(12, 60_000);
/// 5 mails to one account, then one in ten minutes: enough for the forgetful, too few to fill a mailbox.
const MAILS_PER_ACCOUNT: Quota = Quota::new(5, 600_000);
/// 10 codes of an authenticator app at one account, then one an hour: whoever tries them knows the password already.
const CODES_PER_ACCOUNT: Quota = Quota::new(10, 3_600_000);

/// Counts attempts to sign in, or to have mails sent.
#[derive(Debug)]
pub struct SignInLimits {
    addresses: Limit,
    accounts: Limit,
}

impl SignInLimits {
    /// How often passwords may be tried.
    pub fn of_passwords(shared: &Shared) -> Self {
        Self::with("passwords", PER_ADDRESS, PER_ACCOUNT, shared)
    }

    /// How often somebody may have a code sent by mail.
    pub fn of_mails(shared: &Shared) -> Self {
        Self::with("mails", MAILS_PER_ADDRESS, MAILS_PER_ACCOUNT, shared)
    }

    /// How often codes that came by mail may be tried.
    pub fn of_mail_codes(shared: &Shared) -> Self {
        Self::with("mail-codes", PER_ADDRESS, PER_ACCOUNT, shared)
    }

    /// How often the codes of an authenticator app may be tried.
    pub fn of_app_codes(shared: &Shared) -> Self {
        Self::with("app-codes", PER_ADDRESS, CODES_PER_ACCOUNT, shared)
    }

    fn with(name: &str, per_address: Quota, per_account: Quota, shared: &Shared) -> Self {
        Self {
            addresses: Limit::new(format!("{name}:address"), per_address, shared),
            accounts: Limit::new(format!("{name}:account"), per_account, shared),
        }
    }

    /// Counts one attempt, unless one of its quotas is spent.
    ///
    /// # Errors
    /// When to come back.
    pub async fn attempt(&self, from: IpAddr, account: &str, now: Timestamp) -> Result<(), RetryAfter> {
        self.addresses.take(&network_of(from).to_string(), 1, now).await?;
        self.accounts.take(account, 1, now).await
    }

    /// A right password clears the account's count and gives the attempt back to the address, so honest people
    /// never collect a debt, however many of them share an address.
    pub async fn succeeded(&self, from: IpAddr, account: &str) {
        self.addresses.give_back(&network_of(from).to_string()).await;
        self.accounts.clear(account).await;
    }

    /// Forgets an account that is no more.
    pub async fn forget(&self, account: &str) {
        self.accounts.clear(account).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

    fn v4(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    fn alone() -> SignInLimits {
        SignInLimits::of_passwords(&Shared::default())
    }

    #[tokio::test]
    async fn an_address_may_try_twenty_times_and_then_waits() {
        let limits = alone();
        for n in 0..20 {
            assert_eq!(limits.attempt(v4(1), &format!("{n}@x"), NOW).await, Ok(()));
        }
        assert_eq!(limits.attempt(v4(1), "more@x", NOW).await, Err(RetryAfter(15)));
        assert_eq!(
            limits.attempt(v4(2), "more@x", NOW).await,
            Ok(()),
            "others are not hurt"
        );
        assert_eq!(limits.attempt(v4(1), "more@x", NOW.plus_millis(15_000)).await, Ok(()));
    }

    #[tokio::test]
    async fn an_account_is_guarded_against_many_addresses_but_never_locked_for_good() {
        let limits = alone();
        for n in 0..10 {
            assert_eq!(limits.attempt(v4(n), "who@x", NOW).await, Ok(()));
        }
        assert_eq!(limits.attempt(v4(10), "who@x", NOW).await, Err(RetryAfter(60)));
        assert_eq!(limits.attempt(v4(11), "who@x", NOW.plus_millis(60_000)).await, Ok(()));
    }

    #[tokio::test]
    async fn a_right_password_clears_the_count() {
        let limits = alone();
        for n in 0..10 {
            assert_eq!(limits.attempt(v4(n), "who@x", NOW).await, Ok(()));
        }
        limits.succeeded(v4(0), "who@x").await;
        assert_eq!(limits.attempt(v4(10), "who@x", NOW).await, Ok(()));
    }

    #[tokio::test]
    async fn people_who_share_an_address_and_know_their_passwords_do_not_use_it_up() {
        let limits = alone();
        for n in 0..100 {
            let account = format!("{n}@x");
            assert_eq!(limits.attempt(v4(1), &account, NOW).await, Ok(()));
            limits.succeeded(v4(1), &account).await;
        }
        for n in 0..20 {
            assert_eq!(limits.attempt(v4(1), &format!("wrong-{n}@x"), NOW).await, Ok(()));
        }
        assert!(
            limits.attempt(v4(1), "wrong@x", NOW).await.is_err(),
            "a success gives back one try, not all"
        );
    }

    #[tokio::test]
    async fn an_ipv6_network_counts_as_one_address() {
        let limits = alone();
        for n in 0..20_u128 {
            let address = IpAddr::V6(((0x2001_0db8_u128 << 96) | n).into());
            assert_eq!(limits.attempt(address, &format!("{n}@x"), NOW).await, Ok(()));
        }
        let neighbour = IpAddr::V6(((0x2001_0db8_u128 << 96) | 0x3e7).into());
        assert!(limits.attempt(neighbour, "more@x", NOW).await.is_err());
    }
}
