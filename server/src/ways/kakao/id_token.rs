//! The id token: Kakao's signed word for who has signed in, meant for us, now, and for this very trip.
//!
//! Checked as `OpenID` Connect Core 3.1.3.7 says, with the algorithm fixed here and never taken from the token
//! (RFC 8725 §3.1). Time is checked here, because the library would ask the machine's clock.

use domain::time::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// How far Kakao's clock may be behind ours, seconds.
const LEEWAY_S: i64 = 60;

/// Whose word, for whom, and for which trip.
pub(super) struct Expected<'a> {
    /// Kakao.
    pub issuer: &'a str,
    /// Our key there.
    pub audience: &'a str,
    /// What only this trip knows.
    pub nonce: &'a str,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Signed with a key that is not among those known.
    UnknownKey,
    /// Anything else.
    Wrong,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    #[serde(default)]
    nonce: Option<String>,
}

/// Kakao's number of the person.
///
/// # Errors
/// Why the token says nothing.
pub(super) fn check(token: &str, keys: &JwkSet, expected: &Expected<'_>, now: Timestamp) -> Result<String, Doubt> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Doubt::Wrong)?;
    let kid = header.kid.ok_or(Doubt::Wrong)?;
    let key = keys.find(&kid).ok_or(Doubt::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| Doubt::Wrong)?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map_err(|_| Doubt::Wrong)?
        .claims;
    let nonce = claims.nonce.unwrap_or_default();
    let is_ours: bool = nonce.as_bytes().ct_eq(expected.nonce.as_bytes()).into();
    let is_fresh = now.as_millis() / 1000 < claims.exp + LEEWAY_S;
    if is_ours && is_fresh {
        Ok(claims.sub)
    } else {
        Err(Doubt::Wrong)
    }
}
