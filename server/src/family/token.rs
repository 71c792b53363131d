//! What the link in an invite holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// 256 random bits. Not `Debug`: whoever has it comes into the household.
pub struct InviteToken(String);

impl InviteToken {
    const LENGTH: usize = 43;

    /// One that nobody has had before.
    pub(super) fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// Reads what came in a link; `None` if it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == Self::LENGTH).then(|| Self(text.to_owned()))
    }

    /// As it stands in the link.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept in the database.
    pub(super) fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}
