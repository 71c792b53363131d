//! `/settings/account`: my data, as a file; and the end of it all.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use serde::Deserialize;

use super::{answer, decided, release};
use crate::auth::Asker;
use crate::http::extract::SignedInHere;
use crate::http::{AppState, download};
use crate::ways::WayError;

const PAGE: &str = "/settings/account";
const FAREWELL: &str = "/settings/account/delete";

/// Whoever leaves says once more who they are.
#[derive(Deserialize)]
pub struct FarewellForm {
    #[serde(default)]
    password: String,
}

/// `GET /settings/account/export`: a link, so that a browser saves it without any script.
pub async fn export(State(state): State<AppState>, asker: Asker, SignedInHere(person): SignedInHere) -> Response {
    match download::export(&state, &asker, &person).await {
        Ok(file) => file,
        Err(error) => {
            let _logged = AppError::from(error);
            answer::back(&state, PAGE, &FormAnswer::to("data").problem("form", "unavailable"))
        }
    }
}

/// `POST /settings/account/delete`: to sign-in, where nobody knows them any more.
pub async fn delete(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<FarewellForm>,
) -> Response {
    match download::delete(&state, &asker, &person, form.password).await {
        Ok(products) => {
            let released = products.into_iter().map(release::shown).collect();
            let words = FormAnswer::to("sign-in").done("account-deleted").released(released);
            let mut response = answer::back(&state, "/sign-in", &words);
            let cookies = state.auth.cookies();
            cookies.clear(response.headers_mut());
            cookies.clear_ticket(response.headers_mut());
            cookies.clear_step(response.headers_mut());
            decided(response)
        }
        Err(error) => refused(&state, error),
    }
}

fn refused(state: &AppState, error: WayError) -> Response {
    let back = |field, reason| answer::back(state, FAREWELL, &FormAnswer::to("farewell").problem(field, reason));
    match error {
        WayError::Password => back("password", "wrong"),
        WayError::Limited(wait) => {
            let mut response = back("form", "limited");
            response.headers_mut().insert(RETRY_AFTER, wait.0.into());
            response
        }
        WayError::Failed(error) => {
            let _logged = AppError::from(error);
            back("form", "unavailable")
        }
        WayError::Stale | WayError::Code | WayError::OnlyWay | WayError::Gone => back("form", "stale"),
    }
}
