//! Who we are at push services: a key made at the first start, by which a browser allows us and nobody else to wake it
//! (VAPID, RFC 8292). Another key would make every browser deaf to us, so it is kept in the database, sealed, and all
//! instances have the same.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::time::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Serialize;
use url::Url;

use crate::db::Db;
use crate::db::vapid_keys::{find_vapid_key, insert_vapid_key, update_vapid_key};
use crate::error::{Error, Result};
use crate::seal::Seal;

/// Where in the store it lies.
const LABEL: &str = "vapid";
/// A day at most is allowed.
const GOOD_FOR_S: i64 = 12 * 3600;

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

/// Signs for us.
pub struct Vapid {
    signing: EncodingKey,
    public: String,
    contact: String,
}

impl Vapid {
    /// Takes the stored key, and makes one if there is none. `contact` is whom a push service may turn to: a `mailto:`
    /// or `https:` address.
    ///
    /// # Errors
    /// The store cannot be asked.
    pub async fn open(db: &Db, seal: &Seal, contact: String, now: Timestamp) -> Result<Self> {
        let sealed = match find_vapid_key(db).await? {
            Some(sealed) => sealed,
            None => insert_vapid_key(db, &sealed_new(seal)?, now).await?,
        };
        if let Some(key) = Self::unseal(seal, &sealed, &contact) {
            return Ok(key);
        }
        // Whoever changed the server's key has made this one unreadable for ever.
        tracing::warn!("the key at push services cannot be opened: browsers have to be switched on anew");
        let fresh = sealed_new(seal)?;
        let stored = if update_vapid_key(db, &sealed, &fresh, now).await? {
            fresh
        } else {
            find_vapid_key(db).await?.unwrap_or(fresh)
        };
        Self::unseal(seal, &stored, &contact).ok_or_else(|| Error::Corrupt {
            what: "vapid_keys.sealed",
            detail: "sealed by another key".to_owned(),
        })
    }

    fn unseal(seal: &Seal, sealed: &str, contact: &str) -> Option<Self> {
        let pkcs8 = STANDARD_NO_PAD.decode(seal.open(LABEL, sealed)?).ok()?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new()).ok()?;
        Some(Self {
            signing: EncodingKey::from_ec_der(&pkcs8),
            public: URL_SAFE_NO_PAD.encode(pair.public_key()),
            contact: contact.to_owned(),
        })
    }

    /// What browsers are told to trust: an uncompressed point, base64url.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// The `Authorization` header for a push service.
    pub(super) fn authorization(&self, endpoint: &Url, now: Timestamp) -> String {
        let audience = endpoint.origin().ascii_serialization();
        let claims = Claims {
            aud: &audience,
            exp: now.as_millis() / 1000 + GOOD_FOR_S,
            sub: &self.contact,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.signing)
            .expect("plain text claims can be encoded with a key that was read");
        format!("vapid t={token}, k={}", self.public)
    }
}

fn sealed_new(seal: &Seal) -> Result<String> {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    let made = made.map_err(|_| Error::Config("the system gives no randomness for a key".to_owned()))?;
    Ok(seal.seal(LABEL, &STANDARD_NO_PAD.encode(made.as_ref())))
}
