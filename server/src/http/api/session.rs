//! `/session`: sign in and out, for programs that keep cookies.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::Body;
use super::super::problem::Problem;
use super::super::session::CookiesDecided;
use crate::auth::steps::Ticket;
use crate::auth::{Asker, Entry, SignInError, Tokens};
use crate::ways::CodeError;

/// An account and its password.
#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    /// Address; its case does not matter.
    email: String,
    /// As it was chosen.
    #[schema(format = Password)]
    password: String,
    /// Code of the authenticator app, or a recovery code, if the account asks for one.
    #[serde(default)]
    code: Option<String>,
}

/// Sign in
///
/// Answers with two cookies: a short-lived access token and the refresh token that renews it.
#[utoipa::path(
    post, path = "/session", tag = "session", security(()),
    request_body = SignIn,
    responses(
        (status = NO_CONTENT, description = "signed in; the cookies are set"),
        (status = UNAUTHORIZED, description = "no such account, or not its password, or a code is needed besides", body = Problem),
        (status = TOO_MANY_REQUESTS, description = "too many tries; see Retry-After", body = Problem),
    )
)]
pub async fn open(
    State(state): State<AppState>,
    asker: Asker,
    headers: HeaderMap,
    Body(SignIn { email, password, code }): Body<SignIn>,
) -> Result<Response, Problem> {
    let signed_in = state.auth.sign_in(&asker, &headers, &email, password, "/").await;
    let entry = signed_in.map_err(|error| match error {
        SignInError::Credentials => {
            Problem::new(StatusCode::UNAUTHORIZED).with_detail("no such account, or not its password")
        }
        SignInError::Limited(wait) => Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_detail("too many tries")
            .with_retry_after(wait.0),
        SignInError::Failed(error) => error.into(),
    })?;
    let tokens = match entry {
        Entry::Open(tokens, _) => tokens,
        Entry::CodeNeeded(ticket) => second_step(&state, &ticket, code, &asker, &headers).await?,
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    state.auth.cookies().set(response.headers_mut(), &tokens);
    response.extensions_mut().insert(CookiesDecided);
    Ok(response)
}

async fn second_step(
    state: &AppState,
    ticket: &Ticket,
    code: Option<String>,
    asker: &Asker,
    headers: &HeaderMap,
) -> Result<Tokens, Problem> {
    let refused = |detail| Problem::new(StatusCode::UNAUTHORIZED).with_detail(detail);
    let Some(code) = code else {
        return Err(refused(
            "this account asks for a code of its authenticator app: send it as `code`",
        ));
    };
    let given = state.ways.give_code(ticket, &code, asker, headers).await;
    given.map(|(tokens, _)| tokens).map_err(|error| match error {
        CodeError::Code | CodeError::Over => refused("not the code of the authenticator app, or used before"),
        CodeError::Limited(wait) => Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_detail("too many tries")
            .with_retry_after(wait.0),
        CodeError::Failed(error) => error.into(),
    })
}

/// Sign out
///
/// Ends the session at once, on its open sockets too. Signing out twice is no error.
#[utoipa::path(
    delete, path = "/session", tag = "session",
    responses((status = NO_CONTENT, description = "signed out; the cookies are cleared"))
)]
pub async fn close(State(state): State<AppState>, asker: Asker, headers: HeaderMap) -> Result<Response, Problem> {
    state.auth.sign_out(&asker, &headers).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    state.auth.cookies().clear(response.headers_mut());
    response.extensions_mut().insert(CookiesDecided);
    Ok(response)
}
