//! Encrypts the few secrets that must be read again, with keys derived from the server's own.
//!
//! Passwords of people are hashed and stay so. A device's password must be told again to a broker that has forgotten
//! it, and an order's answer to a shop whose line broke: those are sealed (ChaCha20-Poly1305, a fresh nonce each). What
//! is sealed is bound to its place by a label, so that one row's secret cannot be put into another.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::auth::derive_key;
use crate::config::SecretKey;

/// Seals and opens; cheap to clone.
#[derive(Clone)]
pub struct Seal(LessSafeKey);

impl Seal {
    /// The seal of the server that holds this key.
    pub fn new(key: &SecretKey) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &derive_key(key, "seal")).expect("the key has 32 bytes");
        Self(LessSafeKey::new(key))
    }

    /// Encrypts `secret` for the place named by `label`; base64.
    pub fn seal(&self, label: &str, secret: &str) -> String {
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut bytes = secret.as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(label), &mut bytes)
            .expect("a secret is far smaller than the cipher's limit");
        STANDARD_NO_PAD.encode([&nonce[..], &bytes].concat())
    }

    /// What was sealed for this place; `None` if it was sealed for another one, by another key, or is damaged.
    pub fn open(&self, label: &str, sealed: &str) -> Option<String> {
        let mut bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, secret) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let opened = self.0.open_in_place(nonce, Aad::from(label), secret).ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_only_with_its_key_and_in_its_place() {
        let seal = Seal::new(&SecretKey::generate());
        let sealed = seal.seal("here", "open sesame");
        assert!(!sealed.contains("sesame"));
        assert_ne!(
            sealed,
            seal.seal("here", "open sesame"),
            "two of the same do not look the same"
        );
        assert_eq!(seal.open("here", &sealed).as_deref(), Some("open sesame"));
        assert_eq!(seal.open("there", &sealed), None);
        assert_eq!(Seal::new(&SecretKey::generate()).open("here", &sealed), None);
        for damaged in ["", "AAAA", &sealed[1..], "not base64!"] {
            assert_eq!(seal.open("here", damaged), None);
        }
    }
}
