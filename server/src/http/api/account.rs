//! `/account`: everything that is known of whoever asks, and the end of it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::extract::{Body, SignedIn};
use super::super::problem::Problem;
use super::super::session::CookiesDecided;
use super::super::{AppState, download};
use super::products::Product;
use crate::auth::{Asker, Person, Via};
use crate::ways::WayError;

/// Proves that the account is one's own.
#[derive(Deserialize, ToSchema)]
pub struct Farewell {
    /// The account's password. One without a password needs a session that is less than ten minutes old.
    #[schema(format = Password)]
    #[serde(default)]
    password: String,
}

/// What is left of an account.
#[derive(Serialize, ToSchema)]
pub struct Left {
    /// Devices that are nobody's now, with the secrets that their next owner needs.
    devices: Vec<Product>,
}

/// Export
///
/// Everything that is known of whoever asks, and of their homes: a zip of JSON and CSV, made while it is being sent.
#[utoipa::path(
    get, path = "/account/export", tag = "account",
    responses(
        (status = OK, content((Vec<u8> = "application/zip"))),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "by a token", body = Problem),
    )
)]
pub async fn export(
    State(state): State<AppState>,
    asker: Asker,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    by_session(&person)?;
    Ok(download::export(&state, &asker, &person).await?)
}

/// Delete the account
///
/// At once and for good: sessions, tokens, letters, and every home that nobody else owns, with all that was measured
/// there. Its devices are released, and their new secrets shown this once.
#[utoipa::path(
    delete, path = "/account", tag = "account",
    request_body = Farewell,
    responses(
        (status = OK, description = "deleted", body = Left),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "not the password, or the session is too old", body = Problem),
        (status = TOO_MANY_REQUESTS, description = "too many tries; see Retry-After", body = Problem),
    )
)]
pub async fn delete(
    State(state): State<AppState>,
    asker: Asker,
    SignedIn(person): SignedIn,
    Body(Farewell { password }): Body<Farewell>,
) -> Result<Response, Problem> {
    by_session(&person)?;
    let products = download::delete(&state, &asker, &person, password).await;
    let devices = products.map_err(refused)?.into_iter().map(Product::from);
    let left = Left {
        devices: devices.collect(),
    };
    let mut response = Json(left).into_response();
    state.auth.cookies().clear(response.headers_mut());
    response.extensions_mut().insert(CookiesDecided);
    Ok(response)
}

/// A token is for what a home measures, not for the account of whoever made it.
fn by_session(person: &Person) -> Result<(), Problem> {
    match person.via {
        Via::Session(_) => Ok(()),
        Via::Token(_) => Err(Problem::new(StatusCode::FORBIDDEN).with_detail("tokens do not reach the account")),
    }
}

fn refused(error: WayError) -> Problem {
    let forbidden = |detail| Problem::new(StatusCode::FORBIDDEN).with_detail(detail);
    match error {
        WayError::Password => forbidden("not the account's password"),
        WayError::Limited(wait) => Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_detail("too many tries")
            .with_retry_after(wait.0),
        WayError::Failed(error) => error.into(),
        WayError::Stale | WayError::Code | WayError::OnlyWay | WayError::Gone => {
            forbidden("this account has no password: sign in again, and delete it within ten minutes")
        }
    }
}
