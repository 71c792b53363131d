//! A Kakao of one's own, over real HTTP: its pages, its tokens, its API, in its JSON shapes, and all its bad moods.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Json;
use axum::extract::{Form, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use server::config::{KakaoConfig, Secret};
use sha2::{Digest as _, Sha256};

/// Our keys there.
pub const CLIENT_ID: &str = "rest-api-key-of-ours";
const CLIENT_SECRET: &str = "client-secret-of-ours";

const KEY_ID: &str = "9f252dadd5f233f93d2fa528d12fea";
/// The public half of `kakao_key.pem`.
const MODULUS: &str = "jxG7S2qVxcO2mOj-XZgXhKpr3GYs0Glw8Hds7YIVy1rTKd8Pr4bGZyfRxmnvjt4DImZ77k7HCb5JXmYz78dxKX4GzrSrNvXgxUytujx6FTpg2-8Lz6R4FD-NNk9BWQQ4dbB9E7fTliMFKNxoZAYO7PSGIGieBqZE6ZTatF7tH7Y46se-iNZf1f-Eiv_rIiDzsHHHLV4C7fuNsKo4S-rDivdoa8cdTpP9x0CkRUhu5vTAJnMnrLZieSErjwCcM_a-5O_1_zfzU778GisU_huZBlYPxqFkFBEXfuEXDTBEcC6NTi2OGKHJWoSmTUnA36iNT247R8ueP3sTt9ELuGm8lw";

/// What it does differently from a Kakao in good health.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Mood {
    #[default]
    Good,
    /// Where tokens are given, answers this instead.
    Tokens(u16, Value),
    /// Where tokens are given, answers something that is not JSON.
    Gibberish,
    /// Where tokens are given, sends elsewhere.
    Redirect,
    /// Where tokens are given, says far too much.
    Flood,
    /// Gives no id token.
    NoIdToken,
    /// The id token's claims, changed.
    Claims(Value),
    /// The id token is signed with a key that only says it is Kakao's.
    Forged,
    /// The id token is not signed at all.
    Unsigned,
    /// Where it tells who somebody is, answers this instead.
    Me(u16, Value),
    /// Tells of somebody else than the id token does.
    SomebodyElse,
}

/// Somebody with a Kakao account.
#[derive(Clone, Debug)]
pub struct KakaoAccount {
    pub id: i64,
    /// As `kakao_account` of `/v2/user/me`.
    pub account: Value,
}

impl KakaoAccount {
    /// With an address that Kakao has verified.
    pub fn with_mail(id: i64, email: &str) -> Self {
        Self::with(
            id,
            json!({
                "profile_nickname_needs_agreement": false,
                "profile": {"nickname": "미나", "is_default_nickname": false},
                "has_email": true, "email_needs_agreement": false,
                "is_email_valid": true, "is_email_verified": true, "email": email,
            }),
        )
    }

    pub fn with(id: i64, account: Value) -> Self {
        Self { id, account }
    }
}

struct Issued {
    who: KakaoAccount,
    challenge: String,
    nonce: String,
    redirect_uri: String,
}

#[derive(Default)]
struct Inner {
    base: String,
    mood: Mood,
    codes: HashMap<String, Issued>,
    access_tokens: HashMap<String, KakaoAccount>,
    /// Every query of its login page.
    visits: Vec<HashMap<String, String>>,
}

/// A running one; stops with the test.
#[derive(Clone)]
pub struct FakeKakao(Arc<Mutex<Inner>>);

impl FakeKakao {
    pub async fn start() -> Self {
        let fake = Self(Arc::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        fake.lock().base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let router = axum::Router::new()
            .route("/oauth/token", post(tokens))
            .route("/.well-known/jwks.json", get(keys))
            .route("/v2/user/me", get(me))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    /// As the server is told of it.
    pub fn config(&self) -> KakaoConfig {
        let base = self.lock().base.clone();
        KakaoConfig {
            client_id: CLIENT_ID.to_owned(),
            client_secret: Some(Secret::new(CLIENT_SECRET)),
            auth_base: base.clone(),
            api_base: base,
        }
    }

    pub fn be(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// What its login page was asked, last.
    pub fn last_visit(&self) -> HashMap<String, String> {
        self.lock().visits.last().expect("somebody came").clone()
    }

    /// Somebody signs in and agrees at its login page; the query it sends them back with.
    pub fn agree(&self, address: &str, who: &KakaoAccount) -> Vec<(String, String)> {
        let asked = self.receive(address);
        let code = format!("code-{:032x}", rand::random::<u128>());
        let issued = Issued {
            who: who.clone(),
            challenge: asked["code_challenge"].clone(),
            nonce: asked["nonce"].clone(),
            redirect_uri: asked["redirect_uri"].clone(),
        };
        self.lock().codes.insert(code.clone(), issued);
        vec![("code".to_owned(), code), ("state".to_owned(), asked["state"].clone())]
    }

    /// It sends somebody back without a code.
    pub fn refuse(&self, address: &str, error: &[(&str, &str)]) -> Vec<(String, String)> {
        let asked = self.receive(address);
        let error = error
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        error.chain([("state".to_owned(), asked["state"].clone())]).collect()
    }

    /// Reads the address of its login page as Kakao would.
    fn receive(&self, address: &str) -> HashMap<String, String> {
        let address: reqwest::Url = address.parse().expect("an address");
        assert!(
            address
                .as_str()
                .starts_with(&format!("{}/oauth/authorize?", self.lock().base)),
            "{address}"
        );
        let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT_ID);
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["scope"], "openid profile_nickname account_email");
        self.lock().visits.push(asked.clone());
        asked
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no panic under this lock")
    }

    fn id_token(&self, issued: &Issued, mood: &Mood) -> String {
        let mut claims = json!({
            "iss": self.lock().base, "aud": CLIENT_ID, "sub": issued.who.id.to_string(),
            "auth_time": 1_795_161_600, "iat": 1_795_161_600, "exp": 4_102_444_800_i64,
            "nonce": issued.nonce, "nickname": "미나",
        });
        if let Mood::Claims(changed) = mood {
            for (name, value) in changed.as_object().expect("claims") {
                claims[name] = value.clone();
            }
        }
        let header = Header {
            kid: Some(KEY_ID.to_owned()),
            ..Header::new(Algorithm::RS256)
        };
        match mood {
            Mood::Unsigned => {
                let header = json!({"alg": "none", "typ": "JWT", "kid": KEY_ID});
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&header), part(&claims))
            }
            // The trick of old: the public key as if it were a shared secret.
            Mood::Forged => {
                let header = Header {
                    alg: Algorithm::HS256,
                    ..header
                };
                let key = EncodingKey::from_secret(MODULUS.as_bytes());
                jsonwebtoken::encode(&header, &claims, &key).expect("claims are plain")
            }
            _ => jsonwebtoken::encode(&header, &claims, &signing_key()).expect("claims are plain"),
        }
    }
}

fn signing_key() -> EncodingKey {
    let pem = include_str!("kakao_key.pem");
    let body: String = pem.lines().skip(2).take_while(|line| !line.starts_with('-')).collect();
    EncodingKey::from_rsa_der(&STANDARD.decode(body).expect("base64"))
}

/// `POST /oauth/token`
async fn tokens(State(fake): State<FakeKakao>, Form(asked): Form<HashMap<String, String>>) -> Response {
    let mood = fake.lock().mood.clone();
    match &mood {
        Mood::Tokens(status, body) => return answer(*status, body),
        Mood::Gibberish => return (StatusCode::OK, "<html>점검 중</html>").into_response(),
        Mood::Flood => return (StatusCode::OK, "x".repeat(1_000_000)).into_response(),
        Mood::Redirect => return (StatusCode::FOUND, [(LOCATION, "http://127.0.0.1:9/")]).into_response(),
        _ => {}
    }
    let said = |name: &str| asked.get(name).cloned().unwrap_or_default();
    if said("client_id") != CLIENT_ID || said("client_secret") != CLIENT_SECRET {
        return refusal("invalid_client", "Bad client credentials", "KOE010");
    }
    let issued = fake.lock().codes.remove(&said("code"));
    let Some(issued) = issued else {
        return refusal("invalid_grant", "authorization code not found for code", "KOE320");
    };
    if issued.redirect_uri != said("redirect_uri") {
        return refusal("invalid_grant", "Redirect URI mismatch.", "KOE303");
    }
    if URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier"))) != issued.challenge {
        return refusal("invalid_grant", "code_verifier mismatch", "KOE320");
    }
    let access_token = format!("access-{:032x}", rand::random::<u128>());
    let mut answer_body = json!({
        "token_type": "bearer", "access_token": access_token, "expires_in": 21599,
        "refresh_token": "refresh", "refresh_token_expires_in": 5_183_999,
        "scope": "account_email profile_nickname openid",
    });
    if mood != Mood::NoIdToken {
        answer_body["id_token"] = fake.id_token(&issued, &mood).into();
    }
    fake.lock().access_tokens.insert(access_token, issued.who);
    answer(200, &answer_body)
}

/// `GET /.well-known/jwks.json`
async fn keys() -> Json<Value> {
    Json(json!({"keys": [
        {"kid": "3f96980381e451efad0d2ddd30e3d3", "kty": "RSA", "alg": "RS256", "use": "sig", "n": "AQAB", "e": "AQAB"},
        {"kid": KEY_ID, "kty": "RSA", "alg": "RS256", "use": "sig", "n": MODULUS, "e": "AQAB"},
    ]}))
}

/// `GET /v2/user/me`
async fn me(State(fake): State<FakeKakao>, headers: HeaderMap) -> Response {
    let mood = fake.lock().mood.clone();
    if let Mood::Me(status, body) = &mood {
        return answer(*status, body);
    }
    let bearer = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let who = bearer.and_then(|token| fake.lock().access_tokens.get(token).cloned());
    let Some(who) = who else {
        return answer(401, &json!({"msg": "this access token does not exist", "code": -401}));
    };
    let id = if mood == Mood::SomebodyElse { who.id + 1 } else { who.id };
    answer(
        200,
        &json!({
            "id": id, "connected_at": "2026-11-20T08:00:00Z",
            "properties": {"nickname": "미나"}, "kakao_account": who.account,
        }),
    )
}

fn refusal(error: &str, description: &str, code: &str) -> Response {
    let body = json!({"error": error, "error_description": description, "error_code": code});
    answer(400, &body)
}

fn answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, Json(body)).into_response()
}
