//! The other end of Web Push: a browser with a key of its own, which reads what was encrypted for it (RFC 8291) and
//! checks who sent it (RFC 8292). Nothing of the server's own cryptography is used.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::Timestamp;
use hmac::{Hmac, Mac as _};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::point::AffineCoordinates as _;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::{PublicKey, SecretKey};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::Value;
use sha2::Sha256;

use super::push_service::Taken;

const SALT: usize = 16;
const KEY: usize = 65;

/// A browser that wants to be told.
pub struct PushBrowser {
    secret: SecretKey,
    auth: [u8; 16],
}

impl PushBrowser {
    pub fn new() -> Self {
        let secret = SecretKey::from_slice(&rand::random::<[u8; 32]>()).expect("nearly every number is a key");
        Self {
            secret,
            auth: rand::random(),
        }
    }

    /// As `PushSubscription.toJSON()` has it.
    pub fn p256dh(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.public())
    }

    /// As `PushSubscription.toJSON()` has it.
    pub fn auth(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.auth)
    }

    fn public(&self) -> Vec<u8> {
        self.secret.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// What a push service was given for this browser.
    ///
    /// # Panics
    /// If it was meant for another one, or was changed on the way.
    pub fn read(&self, taken: &Taken) -> Value {
        assert_eq!(taken.header("content-encoding"), "aes128gcm");
        serde_json::from_slice(&self.decrypt(&taken.body).expect("it is for this browser")).expect("JSON")
    }

    /// RFC 8188 §2.1 for the outer form, RFC 8291 §3.4 for the key.
    pub fn decrypt(&self, body: &[u8]) -> Option<Vec<u8>> {
        let (salt, rest) = body.split_at(SALT);
        let (record_bytes, rest) = rest.split_at(4);
        let (length, rest) = rest.split_at(1);
        assert_eq!(usize::from(length[0]), KEY);
        let (sender, record) = rest.split_at(KEY);
        let record_bytes = u32::from_be_bytes(record_bytes.try_into().ok()?);
        assert!(record.len() <= usize::try_from(record_bytes).ok()?, "one record");

        let theirs = PublicKey::from_sec1_bytes(sender).ok()?;
        let shared = (theirs.to_projective() * *self.secret.to_nonzero_scalar()).to_affine();
        let info = [b"WebPush: info\0", self.public().as_slice(), sender].concat();
        let input = expand(&extract(&self.auth, &shared.x()), &info);
        let keys = extract(salt, &input);
        let key = expand(&keys, b"Content-Encoding: aes128gcm\0");
        let nonce = expand(&keys, b"Content-Encoding: nonce\0");
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key[..16]).ok()?);
        let nonce = Nonce::try_assume_unique_for_key(&nonce[..12]).ok()?;
        let mut record = record.to_vec();
        let plain = cipher.open_in_place(nonce, Aad::empty(), &mut record).ok()?;
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        assert_eq!(plain[end], 2, "the last record is marked");
        Some(plain[..end].to_vec())
    }
}

/// RFC 5869.
fn extract(salt: &[u8], input: &[u8]) -> [u8; 32] {
    hmac(salt, input)
}

/// RFC 5869, for a single block.
fn expand(key: &[u8], info: &[u8]) -> [u8; 32] {
    hmac(key, &[info, &[1]].concat())
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Checks the signature of whoever sent it; returns what they say of themselves.
///
/// # Panics
/// If it is not signed by `public_key` as RFC 8292 wants it, for this push service and for this moment.
pub fn check_sender(taken: &Taken, public_key: &str, origin: &str, now: Timestamp) -> Value {
    let header = taken.header("authorization");
    let parameters = header.strip_prefix("vapid ").expect("RFC 8292 §3");
    let (token, key) = parameters.split_once(", ").expect("two parameters");
    assert_eq!(key.strip_prefix("k="), Some(public_key));
    let (signed, signature) = token.strip_prefix("t=").unwrap().rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(public_key).unwrap()).unwrap();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    key.verify(signed.as_bytes(), &signature)
        .expect("it is signed with the key that browsers trust");
    let (head, claims) = signed.split_once('.').unwrap();
    let part = |text| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
    assert_eq!(part(head)["alg"], "ES256");
    let claims = part(claims);
    assert_eq!(claims["aud"], origin);
    let left_s = claims["exp"].as_i64().unwrap() - now.as_millis() / 1000;
    assert!((1..=24 * 3600).contains(&left_s), "for a day at most: {left_s}");
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_browser_reads_the_message_of_the_standard() {
        let bytes = |text| URL_SAFE_NO_PAD.decode(text).unwrap();
        let browser = PushBrowser {
            secret: SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap(),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
        };
        let body = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK\
             6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        let said = browser.decrypt(&body).expect("it is for this browser");
        assert_eq!(said, b"When I grow up, I want to be a watermelon");
        assert_eq!(PushBrowser::new().decrypt(&body), None);
    }
}
