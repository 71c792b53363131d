//! Kakao as OAuth 2.0 and `OpenID` Connect know it: where to send people, and what a code is worth.

use std::sync::Mutex;

use axum::http::header::AUTHORIZATION;
use axum::http::{Method, StatusCode};
use domain::time::Timestamp;
use jsonwebtoken::jwk::JwkSet;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, HttpRequest, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::id_token::{self, Doubt, Expected};
use super::person::{ApiRefusal, KakaoPerson, Me};
use super::trouble::{LoginRefusal, Trouble};
use super::wire::Wire;
use crate::config::{KakaoConfig, PublicUrl};
use crate::error::{Error, Result};

/// Where Kakao sends people back to; registered in Kakao's console.
pub const CALLBACK: &str = "/sign-in/kakao/callback";

/// `openid` brings the id token; the other two are what the person is asked to agree to.
const SCOPES: [&str; 3] = ["openid", "profile_nickname", "account_email"];

type Oauth = Client<
    LoginRefusal,
    StandardTokenResponse<WithIdToken, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What Kakao adds to OAuth's tokens.
#[derive(Debug, Serialize, Deserialize)]
struct WithIdToken {
    #[serde(default)]
    id_token: Option<String>,
}

impl ExtraTokenFields for WithIdToken {}

/// What only this trip knows.
pub(super) struct Departure {
    /// Where to send the browser.
    pub url: String,
    /// Comes back through the browser.
    pub state: String,
    /// Comes back inside the id token.
    pub nonce: String,
    /// Shown only when the code is exchanged (PKCE).
    pub verifier: String,
}

/// Our relation with Kakao.
pub(in crate::ways) struct Kakao {
    oauth: Oauth,
    wire: Wire,
    issuer: String,
    client_id: String,
    keys_url: String,
    person_url: String,
    /// Kakao's public keys, fetched when first needed and again when a token names one we do not know.
    keys: Mutex<JwkSet>,
}

impl Kakao {
    /// Connects to nobody yet.
    pub fn new(config: &KakaoConfig, public_url: &PublicUrl) -> Result<Self> {
        let wrong = |error| Error::Config(format!("TEMPLOG_KAKAO_AUTH_BASE: {error}"));
        let at = |path: &str| format!("{}{path}", config.auth_base);
        let oauth = Client::new(ClientId::new(config.client_id.clone()))
            .set_auth_uri(AuthUrl::new(at("/oauth/authorize")).map_err(wrong)?)
            .set_token_uri(TokenUrl::new(at("/oauth/token")).map_err(wrong)?)
            .set_redirect_uri(RedirectUrl::new(public_url.join(CALLBACK)).map_err(wrong)?)
            // Kakao reads the secret in the body only.
            .set_auth_type(AuthType::RequestBody);
        let oauth = match &config.client_secret {
            Some(secret) => oauth.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => oauth,
        };
        Ok(Self {
            oauth,
            wire: Wire::new()?,
            issuer: config.auth_base.clone(),
            client_id: config.client_id.clone(),
            keys_url: at("/.well-known/jwks.json"),
            person_url: format!("{}/v2/user/me", config.api_base),
            keys: Mutex::new(JwkSet { keys: Vec::new() }),
        })
    }

    /// Prepares a trip.
    pub(super) fn depart(&self) -> Departure {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = CsrfToken::new_random();
        let (url, state) = self
            .oauth
            .authorize_url(CsrfToken::new_random)
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .add_extra_param("nonce", nonce.secret())
            .url();
        Departure {
            url: url.into(),
            state: state.into_secret(),
            nonce: nonce.into_secret(),
            verifier: verifier.into_secret(),
        }
    }

    /// Who comes back with this code.
    pub(super) async fn arrive(
        &self,
        code: String,
        verifier: String,
        nonce: &str,
        now: Timestamp,
    ) -> Result<KakaoPerson, Trouble> {
        let wire = |request| self.wire.clone().ask(request);
        let tokens = self
            .oauth
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&wire)
            .await?;
        let Some(id_token) = &tokens.extra_fields().id_token else {
            // OpenID Connect is a switch in Kakao's console.
            return Err(Trouble::Setup("OIDC".to_owned()));
        };
        let subject = self.subject(id_token, nonce, now).await?;
        let person = self.person(tokens.access_token().secret()).await?;
        if person.subject == subject {
            Ok(person)
        } else {
            tracing::warn!("Kakao's id token and its API speak of different people");
            Err(Trouble::Unbelievable)
        }
    }

    async fn subject(&self, id_token: &str, nonce: &str, now: Timestamp) -> Result<String, Trouble> {
        let expected = Expected {
            issuer: &self.issuer,
            audience: &self.client_id,
            nonce,
        };
        let mut keys = self.known_keys();
        let mut checked = id_token::check(id_token, &keys, &expected, now);
        if checked == Err(Doubt::UnknownKey) {
            keys = self.fetch_keys().await?;
            checked = id_token::check(id_token, &keys, &expected, now);
        }
        checked.map_err(|doubt| {
            tracing::warn!(?doubt, "an id token of Kakao's is not believed");
            Trouble::Unbelievable
        })
    }

    fn known_keys(&self) -> JwkSet {
        self.keys.lock().expect("no panic under this lock").clone()
    }

    async fn fetch_keys(&self) -> Result<JwkSet, Trouble> {
        let answer = self.wire.clone().ask(get(&self.keys_url, None)).await?;
        let keys: JwkSet = read(answer.body())?;
        *self.keys.lock().expect("no panic under this lock") = keys.clone();
        Ok(keys)
    }

    async fn person(&self, access_token: &str) -> Result<KakaoPerson, Trouble> {
        let answer = self.wire.clone().ask(get(&self.person_url, Some(access_token))).await?;
        if answer.status() == StatusCode::OK {
            return read::<Me>(answer.body()).map(KakaoPerson::from);
        }
        let refusal: ApiRefusal = read(answer.body())?;
        tracing::warn!(code = refusal.code, "Kakao does not tell who somebody is");
        Err(Trouble::of_api(refusal.code))
    }
}

fn get(url: &str, access_token: Option<&str>) -> HttpRequest {
    let mut request = axum::http::Request::builder().method(Method::GET).uri(url);
    if let Some(token) = access_token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    // An access token with a line break in it would make no header: then we ask as nobody, and are refused.
    request.body(Vec::new()).unwrap_or_default()
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Trouble> {
    serde_json::from_slice(body).map_err(|_| Trouble::Unbelievable)
}
