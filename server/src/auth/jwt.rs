//! The access token: a JWT that says who is asking, good for a quarter of an hour.
//!
//! Follows RFC 8725: one fixed algorithm, and issuer, audience and type are all checked. Time is
//! checked here and not by the library, which would ask the machine's clock.

use domain::time::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::SessionId;
use super::derive_key;
use crate::config::SecretKey;
use crate::db::UserId;

/// How long an access token is good for.
pub const LIFETIME_MS: i64 = 15 * 60 * 1000;

/// How far ahead of ours the clock of the instance may be that made a token.
const SKEW_S: i64 = 60;

const ISSUER: &str = "templog";
const AUDIENCE: &str = "templog-web";
/// RFC 9068's type: a token minted for another use can never pass for an access token.
const TYPE: &str = "at+jwt";

/// Whom a valid access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The person.
    pub user: UserId,
    /// The session it was minted in; the session must still exist.
    pub session: SessionId,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    iat: i64,
    exp: i64,
}

/// Signs and checks access tokens.
#[derive(Clone)]
pub struct AccessTokens {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
}

impl AccessTokens {
    /// Keys derived from the server's own.
    pub fn new(key: &SecretKey) -> Self {
        let key = derive_key(key, "access token");
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(&key),
            checking: DecodingKey::from_secret(&key),
            rules,
        }
    }

    /// A token for this session, good from `now` for [`LIFETIME_MS`].
    pub fn sign(&self, access: Access, now: Timestamp) -> String {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: access.user.0.to_string(),
            sid: access.session.0.to_string(),
            iat: now.as_millis() / 1000,
            exp: now.plus_millis(LIFETIME_MS).as_millis() / 1000,
        };
        jsonwebtoken::encode(&header(), &claims, &self.signing)
            .expect("plain text claims can be encoded with a fixed key")
    }

    /// Whom the token speaks for, if it is one of ours and has not expired.
    pub fn check(&self, token: &str, now: Timestamp) -> Option<Access> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.rules).ok()?;
        let is_ours = token.header.typ.as_deref() == Some(TYPE);
        let seconds = now.as_millis() / 1000;
        let is_fresh = seconds < token.claims.exp && token.claims.iat <= seconds + SKEW_S;
        // Nothing that was signed lives longer than what we sign.
        let is_short = token.claims.exp - token.claims.iat <= LIFETIME_MS / 1000;
        if !(is_ours && is_fresh && is_short) {
            return None;
        }
        Some(Access {
            user: UserId(token.claims.sub.parse().ok()?),
            session: SessionId(token.claims.sid.parse().ok()?),
        })
    }
}

fn header() -> Header {
    Header {
        typ: Some(TYPE.to_owned()),
        ..Header::new(Algorithm::HS256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac as _};
    use serde_json::{Value, json};
    use sha2::Sha256;

    const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
    const WHO: Access = Access {
        user: UserId(7),
        session: SessionId(42),
    };

    fn tokens() -> (SecretKey, AccessTokens) {
        let key = SecretKey::generate();
        let tokens = AccessTokens::new(&key);
        (key, tokens)
    }

    /// Signed with the right key, but with claims and header of the test's choice.
    fn forge(key: &SecretKey, header: &Header, change: impl FnOnce(&mut Value)) -> String {
        let seconds = NOW.as_millis() / 1000;
        let mut claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "7", "sid": "42", "iat": seconds, "exp": seconds + 60,
        });
        change(&mut claims);
        let key = EncodingKey::from_secret(&derive_key(key, "access token"));
        jsonwebtoken::encode(header, &claims, &key).unwrap()
    }

    #[test]
    fn a_token_speaks_for_its_session_until_it_expires() {
        let (_, tokens) = tokens();
        let token = tokens.sign(WHO, NOW);

        assert_eq!(tokens.check(&token, NOW), Some(WHO));
        assert_eq!(tokens.check(&token, NOW.plus_millis(LIFETIME_MS - 1000)), Some(WHO));
        assert_eq!(tokens.check(&token, NOW.plus_millis(LIFETIME_MS)), None);
    }

    #[test]
    fn another_key_or_a_changed_letter_is_refused() {
        let (_, tokens) = tokens();
        let foreign = AccessTokens::new(&SecretKey::generate()).sign(WHO, NOW);
        assert_eq!(tokens.check(&foreign, NOW), None);

        let token = tokens.sign(WHO, NOW);
        let (head, signature) = token.rsplit_once('.').unwrap();
        let changed: String = signature.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
        assert_eq!(tokens.check(&format!("{head}.{changed}"), NOW), None);
    }

    #[test]
    fn a_wrong_issuer_audience_type_or_a_missing_claim_is_refused() {
        let (key, tokens) = tokens();
        assert_eq!(
            tokens.check(&forge(&key, &header(), |_| {}), NOW),
            Some(WHO),
            "the forge itself works"
        );

        for (claim, value) in [
            ("iss", json!("other")),
            ("aud", json!("other")),
            ("sub", json!("x")),
            ("exp", json!("x")),
        ] {
            let token = forge(&key, &header(), |claims| claims[claim] = value);
            assert_eq!(tokens.check(&token, NOW), None, "{claim}");
        }
        for claim in ["iss", "aud", "sub", "sid", "exp"] {
            let token = forge(&key, &header(), |claims| {
                claims.as_object_mut().unwrap().remove(claim);
            });
            assert_eq!(tokens.check(&token, NOW), None, "without {claim}");
        }
        for typ in [None, Some("JWT".to_owned())] {
            let token = forge(&key, &Header { typ, ..header() }, |_| {});
            assert_eq!(tokens.check(&token, NOW), None);
        }
    }

    #[test]
    fn the_algorithm_is_ours_to_choose_not_the_tokens() {
        let (key, tokens) = tokens();
        let other = Header {
            typ: Some(TYPE.to_owned()),
            ..Header::new(Algorithm::HS512)
        };
        assert_eq!(tokens.check(&forge(&key, &other, |_| {}), NOW), None);

        let token = tokens.sign(WHO, NOW);
        let claims = token.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"at+jwt"}
        let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{claims}.");
        assert_eq!(tokens.check(&unsigned, NOW), None);
    }

    /// Header and claims of the test's choice, with a signature over exactly these.
    fn sign_raw(key: &[u8], header: &str, claims: &str) -> String {
        let encode = |text: &[u8]| URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(message.as_bytes());
        format!("{message}.{}", encode(&mac.finalize().into_bytes()))
    }

    #[test]
    fn no_header_changes_algorithm_key_or_meaning() {
        let (key, tokens) = tokens();
        let derived = derive_key(&key, "access token");
        let seconds = NOW.as_millis() / 1000;
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "7", "sid": "42", "iat": seconds, "exp": seconds + 60,
        })
        .to_string();
        let right = r#"{"alg":"HS256","typ":"at+jwt"}"#;
        assert_eq!(
            tokens.check(&sign_raw(&derived, right, &claims), NOW),
            Some(WHO),
            "the forge itself works"
        );

        let algorithms = [
            "none", "None", "NONE", "nOnE", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA", "hs256", "",
        ];
        let headers = algorithms.map(|alg| format!(r#"{{"alg":"{alg}","typ":"at+jwt"}}"#));
        let others = [
            r#"{"typ":"at+jwt"}"#,
            r#"{"alg":null,"typ":"at+jwt"}"#,
            r#"{"alg":["HS256"],"typ":"at+jwt"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"HS256","typ":"refresh+jwt"}"#,
            "[]",
            "",
        ];
        for header in headers.iter().map(String::as_str).chain(others) {
            let signed = sign_raw(&derived, header, &claims);
            assert_eq!(tokens.check(&signed, NOW), None, "{header}");
            let unsigned = format!("{}.", signed.rsplit_once('.').unwrap().0);
            assert_eq!(tokens.check(&unsigned, NOW), None, "{header}, unsigned");
        }
        // Keys that a token brings along, or that anybody knows, open nothing.
        let brought = [
            r#"{"alg":"HS256","typ":"at+jwt","jwk":{"kty":"oct","k":""}}"#,
            r#"{"alg":"HS256","typ":"at+jwt","jku":"https://evil.example/keys"}"#,
            r#"{"alg":"HS256","typ":"at+jwt","kid":"../../dev/null"}"#,
            r#"{"alg":"HS256","typ":"at+jwt","x5u":"https://evil.example/x"}"#,
        ];
        for header in brought {
            for guess in [
                &b""[..],
                b"secret",
                b"templog",
                key.bytes(),
                &derive_key(&key, "refresh token"),
            ] {
                assert_eq!(tokens.check(&sign_raw(guess, header, &claims), NOW), None, "{header}");
            }
        }
    }

    #[test]
    fn a_token_from_the_future_or_one_that_lives_too_long_is_refused() {
        let (key, tokens) = tokens();
        let seconds = NOW.as_millis() / 1000;
        let at = |iat: i64, exp: i64| {
            let token = forge(&key, &header(), |claims| {
                claims["iat"] = json!(iat);
                claims["exp"] = json!(exp);
            });
            tokens.check(&token, NOW)
        };
        assert_eq!(at(seconds + 60, seconds + 120), Some(WHO), "clocks differ a little");
        assert_eq!(at(seconds + 61, seconds + 120), None);
        assert_eq!(at(seconds - 60, seconds), None, "over is over");
        assert_eq!(at(seconds, seconds + 901), None);
        assert_eq!(at(seconds - 100_000, seconds + 60), None);
        assert_eq!(at(0, i64::MAX), None);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_change_of_any_byte_is_overlooked(place in 0_usize..10_000, byte in 0x20_u8..0x7f) {
            let key = SecretKey::parse("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").unwrap();
            let tokens = AccessTokens::new(&key);
            let token = tokens.sign(WHO, NOW);
            let mut changed = token.clone().into_bytes();
            let place = place % changed.len();
            changed[place] = byte;
            let changed = String::from_utf8(changed).unwrap();
            let expected = (changed == token).then_some(WHO);
            proptest::prop_assert_eq!(tokens.check(&changed, NOW), expected);
        }
    }

    #[test]
    fn rubbish_is_refused_quietly() {
        let (_, tokens) = tokens();
        for rubbish in ["", ".", "..", "a.b.c", "\u{0}", "eyJ9.eyJ9.", &"x".repeat(10_000)] {
            assert_eq!(tokens.check(rubbish, NOW), None);
        }
    }
}
