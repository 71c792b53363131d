//! `/settings/tokens`: making personal tokens, and taking them back.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{answer, see_other};
use crate::auth::{Asker, Scope};
use crate::error::Error;
use crate::http::AppState;
use crate::http::extract::SignedInHere;

const PAGE: &str = "/settings/tokens";

/// A token to be made.
#[derive(Deserialize)]
pub struct TokenForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    scope: String,
}

/// Which one.
#[derive(Deserialize)]
pub struct RevokeForm {
    id: i64,
}

/// `POST /settings/tokens`: the next page shows it, once.
pub async fn create(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<TokenForm>,
) -> Response {
    let scope = Scope::parse(&form.scope).unwrap_or(Scope::Read);
    let made = async {
        let (_, token) = state.ways.create_token(person.id, &form.name, scope, &asker).await?;
        state.ways.show_token_once(person.id, &token).await
    };
    match made.await {
        Ok(ticket) => {
            let mut response = see_other(PAGE);
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
        Err(error) => refused(&state, error, &form.name),
    }
}

/// `POST /settings/tokens/revoke`
pub async fn revoke(
    State(state): State<AppState>,
    asker: Asker,
    SignedInHere(person): SignedInHere,
    Form(form): Form<RevokeForm>,
) -> Response {
    match state.ways.revoke_token(person.id, form.id, &asker).await {
        // Somebody else's token is one that does not exist, and one that does not exist is revoked.
        Ok(()) | Err(Error::NotFound) => answer::back(&state, PAGE, &FormAnswer::to("tokens").done("revoked")),
        Err(error) => refused(&state, error, ""),
    }
}

fn refused(state: &AppState, error: Error, name: &str) -> Response {
    let words = FormAnswer::to("tokens").value("name", name);
    let words = match error {
        Error::Invalid { field: "name", .. } => words.problem("name", "wrong"),
        Error::Invalid { .. } => words.problem("form", "too-many"),
        error => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    };
    answer::back(state, PAGE, &words)
}
