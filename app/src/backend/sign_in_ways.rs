//! The ways into an account besides its password, as their pages need them.

use async_trait::async_trait;
use axum::http::request::Parts;
use leptos::prelude::use_context;

use super::UserId;
use crate::error::AppError;

/// What a request carries besides who is asking: a request extension set by the session middleware.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// The browser's half of a step that was begun on the way in.
    pub step: Option<String>,
    /// The session's number.
    pub session: Option<i64>,
}

/// What is to be proven before a Kakao account may open the account with its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingProof {
    /// Address of the account.
    pub email: String,
    /// Whether it has a password.
    pub has_password: bool,
    /// Whether a code is on its way.
    pub code_sent: bool,
}

/// A Kakao account that opens the reader's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedKakao {
    /// Its number.
    pub id: i64,
    /// What they call themselves there; may be empty.
    pub name: String,
    /// Local day it was connected, `2026-11-20`.
    pub since: String,
}

/// A passkey that opens the reader's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    /// Its number.
    pub id: i64,
    /// As its owner calls it.
    pub name: String,
    /// Local day it was added, `2026-11-20`.
    pub since: String,
    /// Local day it last opened the account.
    pub used: Option<String>,
}

/// An authenticator app that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatorApp {
    /// Local day since when, `2026-11-20`.
    pub since: String,
    /// Recovery codes that are left.
    pub codes_left: i64,
}

/// What an authenticator app must be told to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotpEnrolment {
    /// The secret in groups of four.
    pub secret: String,
    /// The same as apps read it.
    pub uri: String,
    /// Modules on a side of the QR code.
    pub qr_size: i32,
    /// Its dark modules, as an SVG path.
    pub qr_path: String,
}

/// All ways into the reader's account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInWaysView {
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether the reader signed in so lately that no password is asked for.
    pub fresh: bool,
    /// Whether Kakao is offered here.
    pub kakao_offered: bool,
    /// Kakao accounts.
    pub kakao: Vec<ConnectedKakao>,
    /// Passkeys.
    pub passkeys: Vec<OwnPasskey>,
    /// The authenticator app, if one is asked for.
    pub app: Option<AuthenticatorApp>,
}

impl SignInWaysView {
    /// How many ways lead in.
    pub fn count(&self) -> usize {
        usize::from(self.has_password) + self.kakao.len() + self.passkeys.len()
    }
}

/// What pages ask about ways in.
#[async_trait]
pub trait SignInWays: Send + Sync {
    /// Whether people can sign in with Kakao here.
    fn offers_kakao(&self) -> bool;

    /// Where at Kakao this step goes on, if it does.
    async fn kakao_departure(&self, step: String) -> Result<Option<String>, AppError>;

    /// What this step still asks for, if it does.
    async fn pending_proof(&self, step: String) -> Result<Option<PendingProof>, AppError>;

    /// Whether this step asks for a code of the authenticator app.
    async fn awaits_code(&self, step: String) -> Result<bool, AppError>;

    /// What somebody's app must be told, while it is being enrolled.
    async fn totp_enrolment(&self, who: UserId, email: String) -> Result<Option<TotpEnrolment>, AppError>;

    /// Recovery codes that this step made, the first time they are asked for.
    async fn take_recovery_codes(&self, step: String, who: UserId) -> Result<Option<Vec<String>>, AppError>;

    /// Whether browsers can use passkeys here.
    fn offers_passkeys(&self) -> bool;

    /// What the browser is to be asked to make a passkey for this person, while this step waits for it; JSON.
    async fn passkey_enrolment(&self, step: String, who: UserId) -> Result<Option<String>, AppError>;

    /// What the browser is to be asked for a passkey, while this step waits for it; JSON.
    async fn passkey_question(&self, step: String) -> Result<Option<String>, AppError>;

    /// The ways into somebody's account, as asked in this session.
    async fn sign_in_ways(&self, who: UserId, session: Option<i64>) -> Result<SignInWaysView, AppError>;
}

/// What this request carries.
pub fn visit() -> Visit {
    let found = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Visit>().cloned());
    found.unwrap_or_default()
}
