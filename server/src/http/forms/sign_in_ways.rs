//! The settings page of the ways in: connecting and taking away.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use serde::Deserialize;

use super::{answer, kakao};
use crate::auth::{Asker, Person};
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::ways::WayError;

const PAGE: &str = "/settings/sign-in";

/// Whoever connects says who they are, unless they have just done so.
#[derive(Deserialize)]
pub struct ConfirmForm {
    #[serde(default)]
    pub(super) password: String,
}

/// Which way to take away.
#[derive(Deserialize)]
pub struct RemoveForm {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) password: String,
}

/// `POST /settings/sign-in/kakao`: off to Kakao, to connect.
pub async fn connect_kakao(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<ConfirmForm>,
) -> Response {
    match confirmed(&state, &person, form.password, &asker).await {
        Ok(()) => kakao::set_off(&state, Some(&person), PAGE).await,
        Err(error) => refused(&state, error),
    }
}

/// `POST /settings/sign-in/kakao/remove`: that Kakao account opens this account no more.
pub async fn remove_kakao(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<RemoveForm>,
) -> Response {
    let done = async {
        confirmed(&state, &person, form.password, &asker).await?;
        state.ways.disconnect_kakao(&person, form.id, &asker).await
    };
    match done.await {
        Ok(()) => finished(&state, "kakao-removed"),
        Err(error) => refused(&state, error),
    }
}

async fn confirmed(state: &AppState, person: &Person, password: String, asker: &Asker) -> Result<(), WayError> {
    state.ways.confirm(person, password, asker).await
}

pub(super) fn finished(state: &AppState, what: &str) -> Response {
    answer::back(state, PAGE, &FormAnswer::to("sign-in-ways").done(what))
}

pub(super) fn refused(state: &AppState, error: WayError) -> Response {
    let back = |field, reason| {
        let words = FormAnswer::to("sign-in-ways").problem(field, reason);
        answer::back(state, PAGE, &words)
    };
    match error {
        WayError::Password => back("password", "wrong"),
        WayError::Stale => back("form", "stale"),
        WayError::OnlyWay => back("form", "only-way"),
        WayError::Gone | WayError::Code => back("form", "gone"),
        WayError::Limited(wait) => {
            let mut response = back("form", "limited");
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        WayError::Failed(error) => {
            let _logged = AppError::from(error);
            back("form", "unavailable")
        }
    }
}
