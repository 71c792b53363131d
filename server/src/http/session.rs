//! Finds out once per request who is asking, renews their session unseen, and tells the pages.

use app::backend::Visit;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::AppState;
use super::asker::asker_of;
use super::problem::Problem;
use crate::auth::{CookieChange, Identity, Via};

/// Middleware: leaves an [`Identity`](crate::auth::Identity) and, for the pages, their
/// `CurrentUser` in the request's extensions. If the database cannot be asked, nobody gets in.
pub async fn resolve(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asker = asker_of(request.extensions(), request.headers());
    let resolved = match state.auth.resolve(&asker, request.headers()).await {
        Ok(resolved) => resolved,
        Err(error) => return Problem::from(error).into_response(),
    };
    let visit = Visit {
        step: state.auth.cookies().step(request.headers()),
        session: session_of(resolved.identity.as_ref()),
    };
    request.extensions_mut().insert(visit);
    if !may(&request, resolved.identity.as_ref()) {
        let problem = Problem::new(StatusCode::FORBIDDEN).with_detail("this token may only read");
        return problem.into_response();
    }
    if let Some(identity) = resolved.identity {
        if let Some(person) = identity.person() {
            request.extensions_mut().insert(person.current_user());
        }
        request.extensions_mut().insert(identity);
    }
    let mut response = next.run(request).await;
    let cookies = state.auth.cookies();
    // A handler that signs in or out has the last word.
    let is_decided = response.extensions().get::<CookiesDecided>().is_some();
    match resolved.cookies {
        CookieChange::Renew(tokens) if !is_decided => cookies.set(response.headers_mut(), &tokens),
        CookieChange::Clear if !is_decided => cookies.clear(response.headers_mut()),
        _ => {}
    }
    response
}

/// A token that may only look may ask for anything, and change nothing.
fn may(request: &Request, identity: Option<&Identity>) -> bool {
    let may_write = identity
        .and_then(Identity::person)
        .is_none_or(|person| person.may_write);
    may_write || matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
}

fn session_of(identity: Option<&Identity>) -> Option<i64> {
    match identity?.person()?.via {
        Via::Session(session) => Some(session.0),
        Via::Token(_) => None,
    }
}

/// Marks a response that already says what becomes of the session's cookies.
#[derive(Debug, Clone, Copy)]
pub struct CookiesDecided;
