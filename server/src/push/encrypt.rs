//! Encrypts a message for one browser: RFC 8291 on top of RFC 8188 (`aes128gcm`), in a single record.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::SystemRandom;

/// An uncompressed point on P-256.
pub const KEY_BYTES: usize = 65;
/// What a browser shares with us.
pub const AUTH_BYTES: usize = 16;

const SALT_BYTES: usize = 16;
/// Push services need not take more (RFC 8030 §7.2).
const RECORD_BYTES: usize = 4096;
/// Salt, record size, length of the key, key.
const HEAD_BYTES: usize = SALT_BYTES + 4 + 1 + KEY_BYTES;
const TAG_BYTES: usize = 16;
/// What may be said: a record less its head, the mark of its end, and the tag.
pub const MOST_BYTES: usize = RECORD_BYTES - HEAD_BYTES - 1 - TAG_BYTES;
/// Marks the last record.
const LAST: u8 = 2;

/// So many bytes of key material.
struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Whether these bytes are a point on the curve, so that [`encrypt`] will not fail for them.
pub fn is_public_key(key: &[u8; KEY_BYTES]) -> bool {
    secret_with(key, |_, _| ()).is_ok()
}

/// The body of a request to a push service.
///
/// # Errors
/// The key is no point on the curve, or the message is longer than [`MOST_BYTES`].
pub fn encrypt(key: &[u8; KEY_BYTES], auth: &[u8; AUTH_BYTES], message: &[u8]) -> Result<Vec<u8>, Unspecified> {
    if message.len() > MOST_BYTES {
        return Err(Unspecified);
    }
    let salt: [u8; SALT_BYTES] = rand::random();
    secret_with(key, |secret, our_key| seal(secret, our_key, key, auth, salt, message))?
}

/// What a fresh key of ours and the browser's agree on, and the public half of ours.
fn secret_with<R>(key: &[u8; KEY_BYTES], use_it: impl FnOnce(&[u8], &[u8]) -> R) -> Result<R, Unspecified> {
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new())?;
    let our_key = ours.compute_public_key()?;
    agree_ephemeral(ours, &UnparsedPublicKey::new(&ECDH_P256, key), |secret| {
        use_it(secret, our_key.as_ref())
    })
}

fn seal(
    secret: &[u8],
    our_key: &[u8],
    key: &[u8],
    auth: &[u8],
    salt: [u8; SALT_BYTES],
    message: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    // RFC 8291 §3.4: both keys go into the key material, so that a message cannot be replayed to another browser.
    let shared = Salt::new(HKDF_SHA256, auth).extract(secret);
    let mut input = [0; 32];
    shared
        .expand(&[b"WebPush: info\0", key, our_key], Bytes(32))?
        .fill(&mut input)?;
    let keys = Salt::new(HKDF_SHA256, &salt).extract(&input);
    let mut body = head(salt, our_key);
    let mut record = [message, &[LAST]].concat();
    let (cipher, nonce) = cipher(&keys)?;
    cipher.seal_in_place_append_tag(nonce, Aad::empty(), &mut record)?;
    body.extend(record);
    Ok(body)
}

/// RFC 8188 §2.2 and §2.3, for the first record.
fn cipher(keys: &Prk) -> Result<(LessSafeKey, Nonce), Unspecified> {
    let mut nonce = [0; NONCE_LEN];
    keys.expand(&[b"Content-Encoding: nonce\0"], Bytes(NONCE_LEN))?
        .fill(&mut nonce)?;
    let key = UnboundKey::from(keys.expand(&[b"Content-Encoding: aes128gcm\0"], &AES_128_GCM)?);
    Ok((LessSafeKey::new(key), Nonce::assume_unique_for_key(nonce)))
}

/// RFC 8188 §2.1.
fn head(salt: [u8; SALT_BYTES], our_key: &[u8]) -> Vec<u8> {
    let mut head = salt.to_vec();
    head.extend(u32::try_from(RECORD_BYTES).unwrap_or(u32::MAX).to_be_bytes());
    head.push(u8::try_from(our_key.len()).unwrap_or(u8::MAX));
    head.extend(our_key);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_message_fills_what_every_push_service_takes() {
        let ours = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let key: [u8; KEY_BYTES] = ours.compute_public_key().unwrap().as_ref().try_into().unwrap();
        let body = encrypt(&key, &[7; AUTH_BYTES], &[b'x'; MOST_BYTES]).unwrap();
        assert_eq!(body.len(), RECORD_BYTES);
        assert!(encrypt(&key, &[7; AUTH_BYTES], &[b'x'; MOST_BYTES + 1]).is_err());
    }
}
