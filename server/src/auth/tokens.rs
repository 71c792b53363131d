//! Tokens that scripts carry in the `Authorization` header: personal ones, and the shop's own.
//!
//! Both are compared by SHA-256: a 256-bit random string needs no slow hash.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::config::Secret;
use crate::db::{Db, UserId, tokens as rows};
use crate::error::Result;

/// "Last used" is for people to read: once a minute is often enough to write it down.
const NOTE_EVERY_MS: i64 = 60_000;

/// What a personal token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Look.
    Read,
    /// Whatever its owner may do by the API, but for making and taking back tokens.
    Write,
}

impl Scope {
    /// As stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Reads [`Scope::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Read, Self::Write]
            .into_iter()
            .find(|scope| scope.as_str() == text)
    }
}

/// A personal token in clear: `tl_` and 43 characters. Shown once, kept only as a hash.
pub struct PersonalToken(String);

impl PersonalToken {
    const PREFIX: &str = "tl_";
    const LENGTH: usize = 46;

    /// A fresh one.
    pub fn generate() -> Self {
        let secret: [u8; 32] = rand::random();
        Self(format!("{}{}", Self::PREFIX, URL_SAFE_NO_PAD.encode(secret)))
    }

    /// Reads a bearer value; `None` if it cannot be a personal token.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.starts_with(Self::PREFIX) && text.len() == Self::LENGTH;
        fits.then(|| Self(text.to_owned()))
    }

    /// The text to show to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept in the database.
    pub fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}

/// The shop's bearer token, kept as a hash so that comparing takes the same time for any guess.
#[derive(Clone)]
pub struct OperatorToken([u8; 32]);

impl OperatorToken {
    /// Remembers the hash of the configured token.
    pub fn new(token: &Secret) -> Self {
        Self(Sha256::digest(token.expose()).into())
    }

    /// Whether this is it.
    pub fn matches(&self, presented: &str) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        subtle::ConstantTimeEq::ct_eq(&self.0[..], &presented[..]).into()
    }
}

/// Finds owners of personal tokens and notes that a token was used.
#[derive(Default)]
pub(super) struct TokenLedger {
    /// When each token's use was last written down; one entry per token ever used since the start.
    noted: Mutex<HashMap<i64, Timestamp>>,
}

impl TokenLedger {
    /// The token's row number, owner and scope, if it exists.
    pub async fn find_owner(
        &self,
        db: &Db,
        token: &PersonalToken,
        now: Timestamp,
    ) -> Result<Option<(i64, UserId, Scope)>> {
        let Some((id, user, scope)) = rows::find_token(db, &token.hash()).await? else {
            return Ok(None);
        };
        if self.is_due(id, now) {
            rows::update_token_used(db, id, now).await?;
        }
        // What a newer version allows, this one does not know how to: to look is all.
        Ok(Some((id, user, Scope::parse(&scope).unwrap_or(Scope::Read))))
    }

    fn is_due(&self, id: i64, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().expect("no panic under this lock");
        let is_due = noted.get(&id).is_none_or(|last| now.since(*last) >= NOTE_EVERY_MS);
        if is_due {
            noted.insert(id, now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_token_is_recognised_by_its_shape() {
        let token = PersonalToken::generate();
        assert_eq!(token.expose().len(), 46);
        assert!(PersonalToken::parse(token.expose()).is_some());
        assert!(PersonalToken::parse("tl_short").is_none());
        assert!(PersonalToken::parse(&"x".repeat(46)).is_none());
    }

    #[test]
    fn the_operator_token_matches_itself_only() {
        let token = OperatorToken::new(&Secret::new("0123456789abcdef0123456789abcdef"));
        assert!(token.matches("0123456789abcdef0123456789abcdef"));
        assert!(!token.matches("0123456789abcdef0123456789abcdeF"));
        assert!(!token.matches(""));
    }

    #[test]
    fn a_busy_token_is_noted_once_a_minute() {
        let ledger = TokenLedger::default();
        let now = Timestamp::from_millis(1_795_161_600_000);
        assert!(ledger.is_due(1, now));
        assert!(!ledger.is_due(1, now.plus_millis(59_999)));
        assert!(ledger.is_due(1, now.plus_millis(60_000)));
    }
}
