//! Plain form posts: they work before and without any script, and answer with a redirect.

use std::net::SocketAddr;

use app::error::AppError;
use axum::Form;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::AppState;
use super::local_path::LocalPath;
use super::session::CookiesDecided;
use crate::auth::{Identity, SignInError};
use crate::db::users;

/// The sign-in form.
#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: LocalPath,
}

/// The language switch.
#[derive(Deserialize)]
pub struct LanguageForm {
    locale: Language,
    #[serde(default)]
    next: LocalPath,
}

/// The theme switch.
#[derive(Deserialize)]
pub struct ThemeForm {
    theme: Theme,
    #[serde(default)]
    next: LocalPath,
}

/// A language the pages speak.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// 한국어
    Ko,
    /// English
    En,
}

/// Which of the page's two palettes.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
    /// As the device prefers.
    Auto,
}

impl Language {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ko => "ko",
            Self::En => "en",
        }
    }
}

impl Theme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Auto => "auto",
        }
    }
}

/// `POST /sign-in`: to the page asked for, or back to the form with the reason.
pub async fn sign_in(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Response {
    let SignInForm { email, password, next } = form;
    match state.auth.sign_in(peer.ip(), &headers, &email, password).await {
        Ok(tokens) => {
            let mut response = see_other(next.as_str());
            state.auth.cookies().set(response.headers_mut(), &tokens);
            decided(response)
        }
        Err(SignInError::Credentials) => back_to_form("credentials", &next),
        Err(SignInError::Limited(wait)) => {
            let mut response = back_to_form("limited", &next);
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        Err(SignInError::Failed(error)) => {
            let _logged = AppError::from(error);
            back_to_form("unavailable", &next)
        }
    }
}

/// `POST /sign-out`: ends the session here and on its sockets, then the front page.
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if let Err(error) = state.auth.sign_out(&headers).await {
        return super::problem::Problem::from(error).into_response();
    }
    let mut response = see_other("/");
    state.auth.cookies().clear(response.headers_mut());
    decided(response)
}

/// `POST /language`: remembers the language for this browser and, if signed in, for messages.
pub async fn set_language(
    State(state): State<AppState>,
    identity: Option<Extension<Identity>>,
    Form(form): Form<LanguageForm>,
) -> Response {
    if let Some(person) = identity.as_ref().and_then(|identity| identity.person())
        && let Err(error) = users::update_locale(&state.db, person.id, form.locale.as_str()).await
    {
        // The cookie below is enough for the pages; only messages keep the old language.
        tracing::warn!(%error, "a chosen language was not stored");
    }
    let mut response = see_other(form.next.as_str());
    state
        .auth
        .cookies()
        .set_preference(response.headers_mut(), "locale", form.locale.as_str());
    response
}

/// `POST /theme`: remembers the palette for this browser.
pub async fn set_theme(State(state): State<AppState>, Form(form): Form<ThemeForm>) -> Response {
    let mut response = see_other(form.next.as_str());
    state
        .auth
        .cookies()
        .set_preference(response.headers_mut(), "theme", form.theme.as_str());
    response
}

fn back_to_form(reason: &str, next: &LocalPath) -> Response {
    let next = utf8_percent_encode(next.as_str(), NON_ALPHANUMERIC);
    see_other(&format!("/sign-in?error={reason}&next={next}"))
}

fn see_other(path: &str) -> Response {
    let location = HeaderValue::try_from(path).expect("a local path is visible ASCII");
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

fn decided(mut response: Response) -> Response {
    response.extensions_mut().insert(CookiesDecided);
    response
}
