//! Accounts as people make and keep them: sign-up, forgotten and changed passwords, changed addresses.
//!
//! Whoever asks for something that a mail must prove gets a ticket (a cookie) and, if they own the address, a code by
//! mail; only both together, in time and once, do it. Whether an address has an account is told to its owner by mail
//! and to nobody else: the asker sees the same, after the same work.

mod address;
mod codes;
mod farewell;
mod password;
mod reset;
mod sign_up;
mod strength;
mod ticket;

use std::sync::Arc;

use crate::auth::{Auth, RetryAfter, SignInError, SignInLimits};
use crate::clock::Clock;
use crate::config::{Config, PublicUrl, SecretKey};
use crate::db::Db;
use crate::error::Error;
use crate::outbox::Outbox;

pub use crate::db::codes::Purpose;
pub use codes::{CODE_MINUTES, WRONG_CODES_A_DAY};
pub use strength::{MAX_CHARS, MIN_CHARS, Strength, Weakness};
pub use ticket::Ticket;

/// The service; cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    auth: Auth,
    db: Db,
    clock: Clock,
    outbox: Outbox,
    public_url: PublicUrl,
    code_key: codes::CodeKey,
    /// Mails that strangers may cause.
    mails: SignInLimits,
    /// Codes that strangers may try, over all accounts; what one account bears is counted in the store.
    tries: SignInLimits,
}

/// Why something about an account was not done.
#[derive(Debug)]
pub enum AccountError {
    /// Not an address mail can be sent to.
    Address,
    /// The address there is already.
    SameAddress,
    /// Not a password to choose.
    Password(Weakness),
    /// Not the password there is.
    WrongPassword,
    /// Not the code that was sent.
    WrongCode,
    /// No code waits in this browser, or not any more.
    NoCode,
    /// Too many tries.
    Limited(RetryAfter),
    /// The store could not be asked.
    Failed(Error),
}

impl From<Error> for AccountError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<SignInError> for AccountError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Credentials => Self::WrongPassword,
            SignInError::Limited(wait) => Self::Limited(wait),
            SignInError::Failed(error) => Self::Failed(error),
        }
    }
}

impl Accounts {
    /// Nothing is sent before somebody asks.
    pub fn new(config: &Config, key: &SecretKey, auth: Auth, clock: Clock, outbox: Outbox) -> Self {
        let shared = auth.shared_limits();
        let (mails, tries) = (SignInLimits::of_mails(shared), SignInLimits::of_mail_codes(shared));
        Self(Arc::new(Inner {
            db: auth.db().clone(),
            auth,
            clock,
            outbox,
            public_url: config.public_url.clone(),
            code_key: codes::CodeKey::new(key),
            mails,
            tries,
        }))
    }
}

/// The address as it is stored, if mail can be sent there.
fn normal_address(typed: &str) -> Result<String, AccountError> {
    const MOST_CHARS: usize = 254;
    let address = typed.trim().to_lowercase();
    let fits = address.len() <= MOST_CHARS && crate::mail::is_address(&address);
    fits.then_some(address).ok_or(AccountError::Address)
}
