//! Choices of this browser: language, colours and the unit of temperatures.

use axum::Form;
use axum::extract::{Extension, State};
use axum::response::Response;
use serde::Deserialize;

use super::see_other;
use crate::auth::Identity;
use crate::db::users;
use crate::http::AppState;
use crate::http::local_path::LocalPath;

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

/// The unit switch.
#[derive(Deserialize)]
pub struct DegreesForm {
    degrees: Degrees,
    #[serde(default)]
    next: LocalPath,
}

/// In which unit temperatures are read.
#[derive(Deserialize, Clone, Copy)]
pub enum Degrees {
    /// °C
    #[serde(rename = "c")]
    Celsius,
    /// °F
    #[serde(rename = "f")]
    Fahrenheit,
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

/// `POST /degrees`: remembers the unit of temperatures for this browser and, if signed in, for messages.
pub async fn set_degrees(
    State(state): State<AppState>,
    identity: Option<Extension<Identity>>,
    Form(form): Form<DegreesForm>,
) -> Response {
    let degrees = match form.degrees {
        Degrees::Celsius => "c",
        Degrees::Fahrenheit => "f",
    };
    if let Some(person) = identity.as_ref().and_then(|identity| identity.person())
        && let Err(error) = users::update_degrees(&state.db, person.id, degrees).await
    {
        // The cookie below is enough for the pages; only messages keep the old unit.
        tracing::warn!(%error, "a chosen unit was not stored");
    }
    let mut response = see_other(form.next.as_str());
    state
        .auth
        .cookies()
        .set_preference(response.headers_mut(), "degrees", degrees);
    response
}
