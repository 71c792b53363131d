//! Who is asking: passwords, sessions, personal tokens, and how often one may guess.
//!
//! A session is a row; the browser holds a short-lived access token that names it and a refresh
//! token that renews it. Because the row is looked up on every request, ending a session takes
//! effect at once, not when the access token runs out.

mod asker;
pub mod audit;
mod cookies;
mod device;
mod endings;
mod gate;
mod identity;
mod jwt;
mod limits;
mod passwords;
mod refresh;
#[cfg(test)]
mod rotation_tests;
pub mod second_step;
mod sessions;
mod sign_in;
pub mod steps;
mod tokens;

pub use asker::Asker;
pub use cookies::{Cookies, Tokens};
pub use device::device_words;
pub(crate) use endings::end_sessions_of;
pub use gate::{Auth, CookieChange, Resolved};
pub use identity::{Identity, Person, Via};
pub use limits::{SignInLimits, network_of};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use second_step::Entry;
pub use sign_in::{SignInError, Way};
pub use tokens::{OperatorToken, PersonalToken, Scope};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::config::SecretKey;
pub use crate::limits::RetryAfter;

/// A session's number: random, so that nobody can guess how many there are or reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

impl SessionId {
    /// A number nobody has had before.
    fn generate() -> Self {
        Self(rand::random::<i64>() & (i64::MAX >> 1))
    }
}

/// A key for one purpose only, so that no token can ever be taken for one of another kind.
pub(crate) fn derive_key(key: &SecretKey, purpose: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    mac.update(b"templog ");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}
