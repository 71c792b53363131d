//! What forms about accounts have in common: the ticket in the browser, and why something was refused.

use app::error::AppError;
use app::form::FormAnswer;
use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;

use super::answer;
use crate::accounts::{AccountError, Purpose, Ticket, Weakness};
use crate::auth::Asker;
use crate::http::AppState;

/// The asking browser's half of a code.
pub fn ticket_of(state: &AppState, headers: &HeaderMap) -> Option<Ticket> {
    state.auth.cookies().ticket(headers).and_then(Ticket::parse)
}

/// Back to the page at `path` with the reason beside its field; `password` is the field of a password being chosen.
pub fn refused(state: &AppState, path: &str, words: FormAnswer, password: &str, error: AccountError) -> Response {
    let mut wait = None;
    let (field, reason) = match error {
        AccountError::Address | AccountError::SameAddress => ("email", "invalid"),
        AccountError::Password(Weakness::TooShort) => (password, "short"),
        AccountError::Password(Weakness::TooLong) => (password, "long"),
        AccountError::Password(Weakness::Guessable) => (password, "guessable"),
        AccountError::WrongPassword => ("present-password", "wrong"),
        AccountError::WrongCode => ("code", "wrong"),
        AccountError::NoCode => ("form", "no-code"),
        AccountError::Limited(after) => {
            wait = Some(after.0);
            ("form", "limited")
        }
        AccountError::Failed(error) => {
            let _logged = AppError::from(error);
            ("form", "unavailable")
        }
    };
    let mut response = answer::back(state, path, &words.problem(field, reason));
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Sends another code: back to the form that waits for it, or, if none waits, to the form that begins anew. Forms are
/// named with their pages.
pub async fn ask_again(
    state: &AppState,
    asker: &Asker,
    headers: &HeaderMap,
    purpose: Purpose,
    waits: (&str, &str),
    begins: (&str, &str),
) -> Response {
    let sent = match ticket_of(state, headers) {
        Some(ticket) => state.accounts.send_again(asker, purpose, &ticket).await,
        None => Err(AccountError::NoCode),
    };
    match sent {
        Ok(ticket) => {
            let mut response = answer::back(state, waits.1, &FormAnswer::to(waits.0).done("sent-again"));
            state
                .auth
                .cookies()
                .set_ticket(response.headers_mut(), ticket.expose().to_owned());
            response
        }
        Err(AccountError::NoCode) => refused(
            state,
            begins.1,
            FormAnswer::to(begins.0),
            "password",
            AccountError::NoCode,
        ),
        Err(error) => refused(state, waits.1, FormAnswer::to(waits.0), "password", error),
    }
}
