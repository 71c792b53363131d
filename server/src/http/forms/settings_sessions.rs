//! `/settings/sessions`: ending sessions elsewhere.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::answer;
use crate::auth::{Asker, SessionId};
use crate::error::Error;
use crate::http::AppState;
use crate::http::extract::SignedInHere;

const PAGE: &str = "/settings/sessions";

/// Which one.
#[derive(Deserialize)]
pub struct SessionForm {
    session: i64,
}

/// `POST /settings/sessions/end`
pub async fn end(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<SessionForm>,
) -> Response {
    let ended = state.auth.end_session(&asker, person.id, SessionId(form.session)).await;
    tell(&state, ended)
}

/// `POST /settings/sessions/end-others`
pub async fn end_others(State(state): State<AppState>, asker: Asker, SignedInHere(person): SignedInHere) -> Response {
    let ended = state.auth.end_other_sessions(&asker, person.id).await;
    tell(&state, ended.map(drop))
}

fn tell(state: &AppState, ended: Result<(), Error>) -> Response {
    let words = FormAnswer::to("sessions");
    let words = match ended {
        Ok(()) => words.done("ended"),
        // Somebody else's session is one that does not exist.
        Err(Error::NotFound) => words.problem("form", "gone"),
        Err(error) => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(state, PAGE, &words)
}
