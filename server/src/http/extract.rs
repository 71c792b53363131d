//! What REST handlers ask of a request, refused as problem documents.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Json, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::serial::Serial;
use serde::de::DeserializeOwned;

use super::AppState;
use super::problem::Problem;
use crate::auth::steps::Ticket;
use crate::auth::{Identity, Person, Via};

/// Somebody with an account; 401 otherwise.
pub struct SignedIn(pub Person);

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let person = parts.extensions.get::<Identity>().and_then(Identity::person);
        person
            .cloned()
            .map(Self)
            .ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED))
    }
}

/// Somebody who is signed in in this very browser; a form of theirs that comes too late leads to sign-in. A token for
/// scripts does not do: scripts do not change accounts.
pub struct SignedInHere(pub Person);

impl<S: Sync> FromRequestParts<S> for SignedInHere {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Redirect> {
        let person = parts.extensions.get::<Identity>().and_then(Identity::person);
        let person = person.filter(|person| matches!(person.via, Via::Session(_)));
        person.cloned().map(Self).ok_or_else(|| Redirect::to("/sign-in"))
    }
}

/// Somebody with an account, or a stranger: for what has something to say to both.
pub struct MaybeSignedIn(pub Option<Person>);

impl<S: Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let person = parts.extensions.get::<Identity>().and_then(Identity::person);
        Ok(Self(person.cloned()))
    }
}

/// The browser's half of a step on the way in, if it has begun one.
pub struct Step(pub Option<Ticket>);

impl FromRequestParts<AppState> for Step {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let text = state.auth.cookies().step(&parts.headers);
        Ok(Self(text.as_deref().and_then(Ticket::parse)))
    }
}

/// The shop, or somebody who works for it; 401 for strangers, 403 for everybody else.
/// Holds a name for whoever it is, to tell their orders from those of others.
pub struct Operator(pub String);

impl<S: Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Identity>() {
            Some(identity) if identity.is_operator() => Ok(Self(
                identity
                    .person()
                    .map_or_else(|| "shop".to_owned(), |person| person.id.0.to_string()),
            )),
            Some(_) => Err(Problem::new(StatusCode::FORBIDDEN)),
            None => Err(Problem::new(StatusCode::UNAUTHORIZED)),
        }
    }
}

/// Somebody who works for the shop and signed in in this very browser; everybody else who is signed in gets 403.
pub struct OperatorHere(pub Person);

impl<S: Send + Sync> FromRequestParts<S> for OperatorHere {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let person = SignedInHere::from_request_parts(parts, state).await;
        let SignedInHere(person) = person.map_err(IntoResponse::into_response)?;
        if person.operator {
            Ok(Self(person))
        } else {
            Err(Problem::new(StatusCode::FORBIDDEN).into_response())
        }
    }
}

/// The `{serial}` of the path. One that cannot exist is answered like one that does not.
pub struct PathSerial(pub Serial);

impl<S: Send + Sync> FromRequestParts<S> for PathSerial {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        let axum::extract::Path(text) = path.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// The query string.
pub struct Parameters<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(rejection) => Err(Problem::new(StatusCode::BAD_REQUEST).with_detail(rejection.body_text())),
        }
    }
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => {
                // A body of the right syntax and the wrong shape is as wrong as any other.
                let status = match rejection.status() {
                    StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
                    other => other,
                };
                Err(Problem::new(status).with_detail(without_values(&rejection.body_text())))
            }
        }
    }
}

/// What is wrong with a body, but not what was in it: that may be a password, and problem documents get logged.
fn without_values(text: &str) -> String {
    let text = text.rsplit_once("target type: ").map_or(text, |(_, reason)| reason);
    // `password: invalid type: integer `1`, expected a string at line 1 column 14`
    let Some((before, expected)) = text.rsplit_once(", expected ") else {
        return text.to_owned();
    };
    let member = before.split_once(": ").map(|(member, _)| member);
    match member.filter(|member| !member.contains(' ')) {
        Some(member) => format!("{member}: expected {expected}"),
        None => format!("expected {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_without_what_was_sent() {
        let said = [
            (
                "Failed to deserialize the JSON body into the target type: password: invalid type: integer `12345`, \
                 expected a string at line 1 column 14",
                "password: expected a string at line 1 column 14",
            ),
            (
                "Failed to deserialize the JSON body into the target type: invalid type: string \"a, expected b\", \
                 expected struct SignIn at line 1 column 23",
                "expected struct SignIn at line 1 column 23",
            ),
            (
                "Failed to deserialize the JSON body into the target type: missing field `email` at line 1 column 2",
                "missing field `email` at line 1 column 2",
            ),
        ];
        for (text, expected) in said {
            assert_eq!(without_values(text), expected);
        }
    }
}
