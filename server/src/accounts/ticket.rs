//! The asking browser's half of a code: a random cookie, of which we keep the hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// 256 random bits. Not `Debug`: together with the mail it opens an account.
pub struct Ticket(String);

impl Ticket {
    const LENGTH: usize = 43;

    /// One that nobody has had before.
    pub(super) fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// Reads a cookie; `None` if it cannot be one of ours.
    pub fn parse(text: String) -> Option<Self> {
        (text.len() == Self::LENGTH).then_some(Self(text))
    }

    /// As it travels in the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept in the database.
    pub(super) fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}
