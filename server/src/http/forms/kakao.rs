//! Signing in with Kakao: setting off, coming back, and proving whose account has the same address.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{answer, proven, see_other};
use crate::auth::steps::Ticket;
use crate::auth::{Asker, Person};
use crate::error::Error;
use crate::http::AppState;
use crate::http::extract::{MaybeSignedIn, Step};
use crate::http::local_path::LocalPath;
use crate::ways::kakao::{Arrival, Callback, Proof, ProofError, Trouble};

/// The page that leads on to Kakao. A form must not lead there itself: the page's policy (`form-action`) forbids it.
const DEPARTURE: &str = "/sign-in/kakao";
const PROOF: &str = "/sign-in/kakao/link";

/// The Kakao button of the sign-in page.
#[derive(Deserialize)]
pub struct DepartForm {
    #[serde(default)]
    next: LocalPath,
}

/// What proves that an account is one's own.
#[derive(Deserialize)]
pub struct ProofForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// `POST /sign-in/kakao`: remembers the trip, and leads to the page that leads to Kakao.
pub async fn depart(State(state): State<AppState>, Form(form): Form<DepartForm>) -> Response {
    set_off(&state, None, form.next.as_str()).await
}

/// Begins a trip for a stranger, or for a person who wants to connect.
pub(super) async fn set_off(state: &AppState, person: Option<&Person>, next: &str) -> Response {
    match state.ways.depart(person, next).await {
        Ok(Some(ticket)) => {
            let mut response = see_other(DEPARTURE);
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
        Ok(None) => see_other("/sign-in"),
        Err(error) => stop(&unavailable(error), person.is_some()),
    }
}

/// `GET /sign-in/kakao/callback`: where Kakao sends people back to.
pub async fn arrive(
    State(state): State<AppState>,
    asker: Asker,
    MaybeSignedIn(person): MaybeSignedIn,
    Step(ticket): Step,
    headers: HeaderMap,
    callback: Result<Query<Callback>, QueryRejection>,
) -> Response {
    // What cannot be read names no trip of ours.
    let callback = callback.map(|Query(callback)| callback).unwrap_or_default();
    let arrived = state.ways.arrive(ticket, callback, person.as_ref(), &asker, &headers);
    match arrived.await {
        Ok(Arrival::Proven(entry)) => proven(&state, entry),
        Ok(Arrival::Prove(ticket)) => {
            let mut response = see_other(PROOF);
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
        Ok(Arrival::Connected) => {
            let words = FormAnswer::to("sign-in-ways").done("kakao-connected");
            answer::back(&state, "/settings/sign-in", &words)
        }
        Ok(Arrival::Stop(trouble)) => stop(&trouble, person.is_some()),
        Err(error) => stop(&unavailable(error), person.is_some()),
    }
}

/// `POST /sign-in/kakao/link/mail`: sends a code to the account's address.
pub async fn send_code(State(state): State<AppState>, asker: Asker, Step(ticket): Step) -> Response {
    let Some(ticket) = ticket else {
        return stop(&Trouble::Expired, false);
    };
    match state.ways.send_proof_code(&ticket, &asker).await {
        Ok(()) => answer::back(&state, PROOF, &FormAnswer::to("kakao-proof").done("sent")),
        Err(error) => refused(&state, error),
    }
}

/// `POST /sign-in/kakao/link`: takes the proof, connects the Kakao account and lets its owner in.
pub async fn prove(
    State(state): State<AppState>,
    asker: Asker,
    Step(ticket): Step,
    headers: HeaderMap,
    Form(form): Form<ProofForm>,
) -> Response {
    let Some(ticket): Option<Ticket> = ticket else {
        return stop(&Trouble::Expired, false);
    };
    let proof = if form.code.is_empty() {
        Proof::Password(form.password)
    } else {
        Proof::Code(form.code)
    };
    match state.ways.prove(&ticket, proof, &asker, &headers).await {
        Ok(entry) => proven(&state, entry),
        Err(error) => refused(&state, error),
    }
}

fn refused(state: &AppState, error: ProofError) -> Response {
    let back = |field, reason| {
        let words = FormAnswer::to("kakao-proof").problem(field, reason);
        answer::back(state, PROOF, &words)
    };
    match error {
        ProofError::Password => back("password", "wrong"),
        ProofError::Code => back("code", "wrong"),
        ProofError::Limited(wait) => {
            let mut response = back("form", "limited");
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        ProofError::Over => stop(&Trouble::Expired, false),
        ProofError::Failed(error) => stop(&unavailable(error), false),
    }
}

/// The page that says what to do. `connecting` is who has an account already and is led back to their settings.
fn stop(trouble: &Trouble, connecting: bool) -> Response {
    let why = trouble.word();
    let code = trouble
        .code()
        .map(|code| format!("&code={}", utf8_percent_encode(code, NON_ALPHANUMERIC)));
    let code = code.unwrap_or_default();
    let from = if connecting { "&from=settings" } else { "" };
    see_other(&format!("/sign-in/kakao/trouble?why={why}{code}{from}"))
}

/// Logs a fault of ours; whoever sees the page can only come back later.
fn unavailable(error: Error) -> Trouble {
    let _logged = AppError::from(error);
    Trouble::Away
}
