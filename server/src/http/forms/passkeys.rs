//! Passkeys: each form begins something, and the page after it asks the browser and sends its answer as a form.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::sign_in_ways::{ConfirmForm, RemoveForm, finished, refused};
use super::{answer, proven, see_other};
use crate::auth::Asker;
use crate::http::AppState;
use crate::http::extract::{SignedInHere, Step};
use crate::http::local_path::LocalPath;
use crate::ways::WayError;

const NEW: &str = "/settings/sign-in/passkey";
const PROOF: &str = "/sign-in/passkey";

/// What the browser answered, JSON, and what to call the new passkey.
#[derive(Deserialize)]
pub struct NewForm {
    #[serde(default)]
    credential: String,
    #[serde(default)]
    name: String,
}

/// Where to go once in.
#[derive(Deserialize)]
pub struct AskForm {
    #[serde(default)]
    next: LocalPath,
}

/// What the browser answered, JSON.
#[derive(Deserialize)]
pub struct ProofForm {
    #[serde(default)]
    credential: String,
}

/// `POST /settings/sign-in/passkey`: to the page that asks the browser for a new one.
pub async fn begin(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<ConfirmForm>,
) -> Response {
    let begun = async {
        state.ways.confirm(&person, form.password, &asker).await?;
        state.ways.begin_passkey(&person).await
    };
    match begun.await {
        Ok(ticket) => {
            let mut response = see_other(NEW);
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/passkey/add`: the browser has made one.
pub async fn add(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Step(ticket): Step,
    Form(form): Form<NewForm>,
) -> Response {
    let added = async {
        let ticket = ticket.ok_or(WayError::Gone)?;
        let NewForm { credential, name } = form;
        state
            .ways
            .add_passkey(&person, &ticket, &credential, &name, &asker)
            .await
    };
    match added.await {
        Ok(()) => finished(&state, "passkey-added"),
        Err(WayError::Code) => {
            let words = FormAnswer::to("sign-in-ways").problem("form", "passkey");
            answer::back(&state, "/settings/sign-in", &words)
        }
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/passkey/remove`
pub async fn remove(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<RemoveForm>,
) -> Response {
    let done = async {
        state.ways.confirm(&person, form.password, &asker).await?;
        state.ways.remove_passkey(&person, form.id, &asker).await
    };
    match done.await {
        Ok(()) => finished(&state, "passkey-removed"),
        Err(error) => refused(&state, error),
    }
}

/// `POST /sign-in/passkey`: to the page that asks the browser for one.
pub async fn ask(State(state): State<AppState>, Form(form): Form<AskForm>) -> Response {
    match state.ways.ask_passkey(form.next.as_str()).await {
        Ok(Some(ticket)) => {
            let mut response = see_other(PROOF);
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
        Ok(None) => see_other("/sign-in"),
        Err(error) => {
            let _logged = AppError::from(error);
            back(&state, "unavailable")
        }
    }
}

/// `POST /sign-in/passkey/proof`: in, or back to the beginning.
pub async fn prove(
    State(state): State<AppState>,
    asker: Asker,
    Step(ticket): Step,
    headers: HeaderMap,
    Form(form): Form<ProofForm>,
) -> Response {
    let Some(ticket) = ticket else {
        return back(&state, "passkey");
    };
    match state
        .ways
        .give_passkey(&ticket, &form.credential, &asker, &headers)
        .await
    {
        Ok(Some(entry)) => proven(&state, entry),
        Ok(None) => back(&state, "passkey"),
        Err(error) => {
            let _logged = AppError::from(error);
            back(&state, "unavailable")
        }
    }
}

fn back(state: &AppState, reason: &str) -> Response {
    answer::back(state, "/sign-in", &FormAnswer::to("sign-in").problem("form", reason))
}
