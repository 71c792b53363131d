//! The refresh token: an opaque string that renews a session, and is itself renewed by every use.
//!
//! It is `session.nonce.mac`, where only we can make the mac. That gives two things a random string
//! cannot. Its successor is computed, so a browser that lost our answer and asks again within the
//! grace period gets the very same successor. And a token of any past generation is recognised as
//! once ours, so its reuse betrays a theft (RFC 9700 §4.14) while a guessed one harms nobody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};

use super::SessionId;
use super::derive_key;
use crate::config::SecretKey;

const NONCE_LENGTH: usize = 16;
const MAC_LENGTH: usize = 16;

/// A refresh token whose mac has been checked or made by us.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    session: SessionId,
    nonce: [u8; NONCE_LENGTH],
    mac: [u8; MAC_LENGTH],
}

impl RefreshToken {
    /// The session it renews.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// What is kept in the database: SHA-256 in hexadecimal.
    pub fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(self.text()))
    }

    /// As it travels in the cookie.
    pub fn text(&self) -> String {
        let secret = [self.nonce.as_slice(), &self.mac].concat();
        format!("{}.{}", self.session.0, URL_SAFE_NO_PAD.encode(secret))
    }
}

/// Makes, recognises and succeeds refresh tokens.
#[derive(Clone)]
pub struct RefreshTokens {
    key: [u8; 32],
}

impl RefreshTokens {
    /// Keys derived from the server's own.
    pub fn new(key: &SecretKey) -> Self {
        Self {
            key: derive_key(key, "refresh token"),
        }
    }

    /// The first token of a session.
    pub fn first(&self, session: SessionId) -> RefreshToken {
        self.seal(session, rand::random())
    }

    /// The token that follows this one; always the same.
    pub fn successor(&self, token: &RefreshToken) -> RefreshToken {
        let nonce = self.mac(*b"next", token.session, &token.nonce);
        self.seal(token.session, nonce)
    }

    /// Reads a cookie's text; `None` unless it was made by us.
    pub fn parse(&self, text: &str) -> Option<RefreshToken> {
        let (session, secret) = text.split_once('.')?;
        let session = SessionId(session.parse().ok()?);
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?;
        let (nonce, mac) = secret.split_at_checked(NONCE_LENGTH)?;
        let token = self.seal(session, nonce.try_into().ok()?);
        let is_ours: bool = subtle::ConstantTimeEq::ct_eq(token.mac.as_slice(), mac).into();
        is_ours.then_some(token)
    }

    fn seal(&self, session: SessionId, nonce: [u8; NONCE_LENGTH]) -> RefreshToken {
        let mac = self.mac(*b"seal", session, &nonce);
        RefreshToken { session, nonce, mac }
    }

    /// HMAC-SHA-256 cut to 128 bits (RFC 2104 §5).
    fn mac(&self, purpose: [u8; 4], session: SessionId, nonce: &[u8; NONCE_LENGTH]) -> [u8; MAC_LENGTH] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(&purpose);
        mac.update(&session.0.to_be_bytes());
        mac.update(nonce);
        let full = mac.finalize().into_bytes();
        *full.first_chunk().expect("SHA-256 has more than 16 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> RefreshTokens {
        RefreshTokens::new(&SecretKey::generate())
    }

    #[test]
    fn a_token_survives_the_trip_through_a_cookie() {
        let tokens = tokens();
        let token = tokens.first(SessionId(i64::MAX));
        let read = tokens.parse(&token.text()).unwrap();
        assert!(read == token);
        assert_eq!(read.session(), SessionId(i64::MAX));
    }

    #[test]
    fn the_successor_is_always_the_same_and_another() {
        let tokens = tokens();
        let token = tokens.first(SessionId(3));
        assert!(tokens.successor(&token) == tokens.successor(&token));
        assert_ne!(tokens.successor(&token).hash(), token.hash());
        assert!(tokens.parse(&tokens.successor(&token).text()).is_some());
    }

    #[test]
    fn two_sessions_never_share_a_token() {
        let tokens = tokens();
        let token = tokens.first(SessionId(3)).text();
        let moved = token.replacen("3.", "4.", 1);
        assert!(tokens.parse(&moved).is_none());
    }

    #[test]
    fn guessed_foreign_or_damaged_tokens_are_not_ours() {
        let tokens = tokens();
        let token = tokens.first(SessionId(3)).text();
        let foreign = self::tokens().first(SessionId(3)).text();
        for text in [
            "",
            "3",
            "3.",
            "x.y",
            &token[..token.len() - 2],
            &foreign,
            &format!("{token}AA"),
        ] {
            assert!(tokens.parse(text).is_none(), "{text}");
        }
    }
}
