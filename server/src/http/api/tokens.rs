//! `/tokens`: keys for scripts. Only whoever is signed in in a browser makes them and takes them back: a token that
//! leaked must not be able to make itself successors.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::{Body, SignedIn};
use super::super::problem::Problem;
use crate::auth::{Asker, Person, Scope, Via};
use crate::db::tokens::Token as Row;

/// A personal token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = PersonalToken)]
pub struct Token {
    /// Names it when it is to be revoked.
    id: i64,
    /// What it is for.
    #[schema(example = "cron")]
    name: String,
    /// `read`: look only. `write`: whatever its owner may do by this interface, but for tokens.
    #[schema(example = "read")]
    scope: String,
    /// When it was made, Unix milliseconds.
    created_at: i64,
    /// When it was last used, Unix milliseconds, to the minute; null: never.
    last_used_at: Option<i64>,
}

/// A token that has just been made.
#[derive(Serialize, ToSchema)]
pub struct FreshToken {
    /// Names it when it is to be revoked.
    id: i64,
    /// The secret, shown this once.
    #[schema(example = "tl_…")]
    token: String,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What it is for.
    #[schema(example = "cron")]
    name: String,
    /// `read` or `write`.
    #[schema(example = "read")]
    scope: String,
}

impl From<Row> for Token {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            scope: row.scope,
            created_at: row.created_at.as_millis(),
            last_used_at: row.last_used_at.map(Timestamp::as_millis),
        }
    }
}

/// List tokens
#[utoipa::path(
    get, path = "/tokens", tag = "tokens",
    responses((status = OK, body = Vec<Token>), (status = UNAUTHORIZED, body = Problem))
)]
pub async fn list(State(state): State<AppState>, SignedIn(person): SignedIn) -> Result<Json<Vec<Token>>, Problem> {
    let tokens = state.ways.list_tokens(person.id).await?;
    Ok(Json(tokens.into_iter().map(Token::from).collect()))
}

/// Make a token
///
/// Needs a session: tokens cannot make tokens.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens",
    request_body = TokenRequest,
    responses(
        (status = CREATED, body = FreshToken),
        (status = BAD_REQUEST, body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "asked with a token", body = Problem),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    asker: Asker,
    SignedIn(person): SignedIn,
    Body(request): Body<TokenRequest>,
) -> Result<(StatusCode, Json<FreshToken>), Problem> {
    check_session(&person)?;
    let scope = Scope::parse(&request.scope).ok_or_else(|| Problem::invalid("scope", "use read or write"))?;
    let (id, token) = state.ways.create_token(person.id, &request.name, scope, &asker).await?;
    let token = token.expose().to_owned();
    Ok((StatusCode::CREATED, Json(FreshToken { id, token })))
}

/// Revoke a token
///
/// From now on it opens nothing. Needs a session.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens",
    params(("id" = i64, Path, example = 7)),
    responses(
        (status = NO_CONTENT),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "asked with a token", body = Problem),
        (status = NOT_FOUND, description = "no such token, or not yours", body = Problem),
    )
)]
pub async fn revoke(
    State(state): State<AppState>,
    asker: Asker,
    SignedIn(person): SignedIn,
    id: Result<Path<i64>, axum::extract::rejection::PathRejection>,
) -> Result<StatusCode, Problem> {
    check_session(&person)?;
    let Path(id) = id.map_err(|_| Problem::not_found())?;
    state.ways.revoke_token(person.id, id, &asker).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check_session(person: &Person) -> Result<(), Problem> {
    match person.via {
        Via::Session(_) => Ok(()),
        Via::Token(_) => Err(Problem::new(StatusCode::FORBIDDEN).with_detail("tokens cannot manage tokens")),
    }
}
