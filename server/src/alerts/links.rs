//! Links in letters by which whoever reads one acknowledges what it tells, without signing in.
//!
//! A link names its letter and is signed with a key of its own, so it opens nothing else and cannot be guessed.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::auth::derive_key;
use crate::config::SecretKey;

/// Signs and reads links; cheap to clone.
#[derive(Clone)]
pub struct AckLinks([u8; 32]);

impl AckLinks {
    /// Those of the server with this key.
    pub fn new(key: &SecretKey) -> Self {
        Self(derive_key(key, "alert link"))
    }

    /// The token for a letter.
    pub fn sign(&self, letter: &str) -> String {
        let signature = self.mac(letter).finalize().into_bytes();
        format!("{letter}.{signature:x}")
    }

    /// The letter a token is for, if we signed it.
    pub fn read<'t>(&self, token: &'t str) -> Option<&'t str> {
        let (letter, signature) = token.rsplit_once('.')?;
        let bytes: Option<Vec<u8>> = (0..signature.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(signature.get(at..at + 2)?, 16).ok())
            .collect();
        self.mac(letter).verify_slice(&bytes?).ok()?;
        Some(letter)
    }

    fn mac(&self, letter: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(letter.as_bytes());
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_its_own_letter_and_no_other() {
        let links = AckLinks::new(&SecretKey::generate());
        let token = links.sign("alert-3-5-now-0a1b");
        assert_eq!(links.read(&token), Some("alert-3-5-now-0a1b"));
        assert_eq!(links.read(&token.replace("alert-3", "alert-4")), None);
        assert_eq!(AckLinks::new(&SecretKey::generate()).read(&token), None);
        for wrong in [
            "",
            ".",
            "alert",
            "alert.",
            "alert.zz",
            "alert.가",
            &token[..token.len() - 1],
        ] {
            assert_eq!(links.read(wrong), None, "{wrong}");
        }
    }
}
