//! Who is asking: passwords, sessions, personal tokens, and how often one may guess.
//!
//! A session is a row; the browser holds a short-lived access token that names it and a refresh
//! token that renews it. Because the row is looked up on every request, ending a session takes
//! effect at once, not when the access token runs out.

mod cookies;
mod gate;
mod identity;
mod jwt;
mod limits;
mod passwords;
mod refresh;
mod sessions;
mod tokens;

pub use cookies::{Cookies, Tokens};
pub use gate::{Auth, CookieChange, Resolved, SignInError};
pub use identity::{Identity, Person, Via};
pub use limits::{Meter, Quota, RetryAfter, network_of};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use tokens::{OperatorToken, PersonalToken};

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::config::SecretKey;

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
fn derive_key(key: &SecretKey, purpose: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length");
    mac.update(b"templog ");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}
