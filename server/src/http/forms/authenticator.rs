//! The authenticator app: its code on the way in, enrolling it, its recovery codes, and taking it away.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use serde::Deserialize;

use super::sign_in_ways::{ConfirmForm, finished, refused};
use super::{answer, inside, see_other};
use crate::auth::Asker;
use crate::auth::steps::Ticket;
use crate::http::AppState;
use crate::http::extract::{SignedInHere, Step};
use crate::ways::{CodeError, WayError};

const CODE_PAGE: &str = "/sign-in/code";
const ENROLMENT: &str = "/settings/sign-in/app";
const RECOVERY: &str = "/settings/sign-in/recovery-codes";

/// A code as typed.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `POST /sign-in/code`: the second proof.
pub async fn give_code(
    State(state): State<AppState>,
    asker: Asker,
    Step(ticket): Step,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Response {
    let Some(ticket) = ticket else {
        return over(&state);
    };
    let back = |field, reason| {
        let words = FormAnswer::to("sign-in-code").problem(field, reason);
        answer::back(&state, CODE_PAGE, &words)
    };
    match state.ways.give_code(&ticket, &form.code, &asker, &headers).await {
        Ok((tokens, next)) => inside(&state, &tokens, next),
        Err(CodeError::Code) => back("code", "wrong"),
        Err(CodeError::Limited(wait)) => {
            let mut response = back("form", "limited");
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        Err(CodeError::Over) => over(&state),
        Err(CodeError::Failed(error)) => {
            let _logged = AppError::from(error);
            back("form", "unavailable")
        }
    }
}

/// `POST /settings/sign-in/app`: begins to enrol.
pub async fn enrol(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let done = async {
        state.ways.confirm(&person, form.password, &asker).await?;
        state.ways.enrol_totp(&person).await.map_err(WayError::from)
    };
    match done.await {
        Ok(()) => see_other(ENROLMENT),
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/app/confirm`: the app has shown a code.
pub async fn confirm(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<CodeForm>,
) -> Response {
    match state.ways.confirm_totp(&person, &form.code, &asker).await {
        Ok(ticket) => show_codes(&state, &ticket),
        Err(WayError::Code) => {
            let words = FormAnswer::to("authenticator").problem("code", "wrong");
            answer::back(&state, ENROLMENT, &words)
        }
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/app/remove`
pub async fn remove(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let done = async {
        state.ways.confirm(&person, form.password, &asker).await?;
        state.ways.disable_totp(&person, &asker).await
    };
    match done.await {
        Ok(()) => finished(&state, "app-removed"),
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/recovery-codes`: ten new ones.
pub async fn renew_codes(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let done = async {
        state.ways.confirm(&person, form.password, &asker).await?;
        state.ways.renew_codes(&person, &asker).await
    };
    match done.await {
        Ok(ticket) => show_codes(&state, &ticket),
        Err(error) => refused(&state, error),
    }
}

fn show_codes(state: &AppState, ticket: &Ticket) -> Response {
    let mut response = see_other(RECOVERY);
    state.auth.cookies().set_step(response.headers_mut(), ticket);
    response
}

/// The half-way place is gone: from the beginning.
fn over(state: &AppState) -> Response {
    let words = FormAnswer::to("sign-in").problem("form", "over");
    let mut response = answer::back(state, "/sign-in", &words);
    state.auth.cookies().clear_step(response.headers_mut());
    response
}
