//! Passkeys (WebAuthn): a key that never leaves somebody's device, unlocked there by finger, face or PIN.
//!
//! A passkey proves two things at once, having the device and being (or knowing what) its owner is, so no second step
//! is asked for. It is bound to our name by the browser: a page elsewhere cannot ask for it. There is no attestation:
//! whoever made the authenticator is its owner's business.

mod enrol;
mod proof;
mod record;

use std::net::IpAddr;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use webauthn_rp::bin::Decode as _;
use webauthn_rp::request::register::UserHandle16;
use webauthn_rp::request::{AsciiDomain, RpId};

use crate::auth::derive_key;
use crate::config::{PublicUrl, SecretKey};
use crate::db::UserId;

/// Who we are to authenticators.
pub(super) struct Relying {
    id: RpId,
    /// Where pages of ours are.
    origin: String,
    handle_key: [u8; 32],
}

impl Relying {
    /// `None` where browsers know no passkeys: at a bare address, and without TLS beyond this machine.
    pub fn new(url: &PublicUrl, key: &SecretKey) -> Option<Self> {
        let host = url.host();
        let is_local = host == "localhost" || host.ends_with(".localhost");
        let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
        if is_address || !(url.is_https() || is_local) {
            return None;
        }
        Some(Self {
            id: RpId::Domain(AsciiDomain::try_from(host).ok()?),
            origin: url.origin(),
            handle_key: derive_key(key, "passkey user handle"),
        })
    }

    /// What authenticators call a person: the same every time, and telling nothing.
    fn handle(&self, user: UserId) -> UserHandle16 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.handle_key).expect("HMAC takes keys of any length");
        mac.update(&user.0.to_be_bytes());
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        let Ok(handle) = UserHandle16::decode(half);
        handle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_offered_where_browsers_know_them() {
        let key = SecretKey::generate();
        let offered = |url| Relying::new(&PublicUrl::parse(url).unwrap(), &key).is_some();
        assert!(offered("https://home.example") && offered("http://localhost:3000"));
        for url in [
            "http://home.example",
            "https://192.0.2.1",
            "http://127.0.0.1:3000",
            "https://[2001:db8::1]",
        ] {
            assert!(!offered(url), "{url}");
        }
    }

    #[test]
    fn a_handle_is_a_persons_own_and_stays() {
        let key = SecretKey::generate();
        let relying = Relying::new(&PublicUrl::parse("https://home.example").unwrap(), &key).unwrap();
        assert_eq!(relying.handle(UserId(1)), relying.handle(UserId(1)));
        assert_ne!(relying.handle(UserId(1)), relying.handle(UserId(2)));
    }
}
