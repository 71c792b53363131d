//! Sign-up and the forgotten password: what strangers ask for and a mail proves.

use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::account_words::{ask_again, refused, ticket_of};
use super::{answer, see_other};
use crate::accounts::{AccountError, Purpose};
use crate::auth::Asker;
use crate::http::AppState;
use crate::http::session::CookiesDecided;

/// An address and a password.
#[derive(Deserialize)]
pub struct SignUpForm {
    email: String,
    password: String,
}

/// An address.
#[derive(Deserialize)]
pub struct AddressForm {
    email: String,
}

/// The code from a mail.
#[derive(Deserialize)]
pub struct CodeForm {
    code: String,
}

/// The code from a mail, and a new password.
#[derive(Deserialize)]
pub struct ResetForm {
    code: String,
    password: String,
}

/// `POST /sign-up`: to the page that waits for the code.
pub async fn sign_up(State(state): State<AppState>, asker: Asker, Form(form): Form<SignUpForm>) -> Response {
    match state.accounts.ask_to_sign_up(&asker, &form.email, form.password).await {
        Ok((ticket, strength)) => {
            let words = FormAnswer::to("verify").done(strength.as_str());
            let mut response = answer::back(&state, "/verify", &words);
            state
                .auth
                .cookies()
                .set_ticket(response.headers_mut(), ticket.expose().to_owned());
            response
        }
        Err(error) => {
            let words = FormAnswer::to("sign-up").value("email", &form.email);
            refused(&state, "/sign-up", words, "password", error)
        }
    }
}

/// `POST /verify`: the account exists, and its owner is at home in it.
pub async fn verify(
    State(state): State<AppState>,
    asker: Asker,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let ticket = ticket_of(&state, &headers);
    match state.accounts.sign_up(&asker, ticket.as_ref(), &form.code).await {
        Ok(tokens) => {
            let mut response = see_other("/");
            let cookies = state.auth.cookies();
            cookies.set(response.headers_mut(), &tokens);
            cookies.clear_ticket(response.headers_mut());
            response.extensions_mut().insert(CookiesDecided);
            response
        }
        // There is no page any more that waits for it.
        Err(AccountError::NoCode) => refused(
            &state,
            "/sign-up",
            FormAnswer::to("sign-up"),
            "password",
            AccountError::NoCode,
        ),
        Err(error) => refused(&state, "/verify", FormAnswer::to("verify"), "password", error),
    }
}

/// `POST /verify/again`: another code.
pub async fn verify_again(State(state): State<AppState>, asker: Asker, headers: HeaderMap) -> Response {
    ask_again(
        &state,
        &asker,
        &headers,
        Purpose::SignUp,
        ("verify", "/verify"),
        ("sign-up", "/sign-up"),
    )
    .await
}

/// `POST /forgot-password`: to the page that waits for the code.
pub async fn forgot_password(State(state): State<AppState>, asker: Asker, Form(form): Form<AddressForm>) -> Response {
    match state.accounts.ask_to_reset(&asker, &form.email).await {
        Ok(ticket) => {
            let mut response = see_other("/reset-password");
            state
                .auth
                .cookies()
                .set_ticket(response.headers_mut(), ticket.expose().to_owned());
            response
        }
        Err(error) => {
            let words = FormAnswer::to("forgot-password").value("email", &form.email);
            refused(&state, "/forgot-password", words, "password", error)
        }
    }
}

/// `POST /reset-password`: to sign-in, with the new password.
pub async fn reset_password(
    State(state): State<AppState>,
    asker: Asker,
    headers: HeaderMap,
    Form(form): Form<ResetForm>,
) -> Response {
    let ticket = ticket_of(&state, &headers);
    let reset = state
        .accounts
        .reset_password(&asker, ticket.as_ref(), &form.code, form.password);
    match reset.await {
        Ok(()) => {
            let words = FormAnswer::to("sign-in").done("password-changed");
            let mut response = answer::back(&state, "/sign-in", &words);
            let cookies = state.auth.cookies();
            cookies.clear(response.headers_mut());
            cookies.clear_ticket(response.headers_mut());
            response.extensions_mut().insert(CookiesDecided);
            response
        }
        Err(error) => {
            let words = FormAnswer::to("reset-password");
            // It need not be typed again because of the password.
            let words = match error {
                AccountError::Password(_) => words.value("code", &form.code),
                _ => words,
            };
            refused(&state, "/reset-password", words, "password", error)
        }
    }
}
