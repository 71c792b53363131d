//! Signing in with a password, and out.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{answer, decided, proven, see_other};
use crate::auth::{Asker, SignInError};
use crate::http::AppState;
use crate::http::local_path::LocalPath;
use crate::http::problem::Problem;

/// The sign-in form.
#[derive(Deserialize)]
pub struct SignInForm {
    email: String,
    password: String,
    #[serde(default)]
    next: LocalPath,
}

/// `POST /sign-in`: to the page asked for, or back to the form with the reason.
pub async fn sign_in(
    State(state): State<AppState>,
    asker: Asker,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Response {
    let SignInForm { email, password, next } = form;
    let refused = |reason| {
        let next = utf8_percent_encode(next.as_str(), NON_ALPHANUMERIC);
        let words = FormAnswer::to("sign-in").problem("form", reason).value("email", &email);
        answer::back(&state, &format!("/sign-in?next={next}"), &words)
    };
    let signed_in = state.auth.sign_in(&asker, &headers, &email, password, next.as_str());
    match signed_in.await {
        Ok(entry) => proven(&state, entry),
        Err(SignInError::Credentials) => refused("credentials"),
        Err(SignInError::Limited(wait)) => {
            let mut response = refused("limited");
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        Err(SignInError::Failed(error)) => {
            let _logged = AppError::from(error);
            refused("unavailable")
        }
    }
}

/// `POST /sign-out`: ends the session here and on its sockets, then the front page.
pub async fn sign_out(State(state): State<AppState>, asker: Asker, headers: HeaderMap) -> Response {
    if let Err(error) = state.auth.sign_out(&asker, &headers).await {
        return Problem::from(error).into_response();
    }
    let mut response = see_other("/");
    state.auth.cookies().clear(response.headers_mut());
    decided(response)
}
