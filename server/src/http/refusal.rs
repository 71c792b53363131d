//! Says no before any handler was asked: to programs as a problem document, to people as a page in their language.

use app::error::AppError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};

use super::problem::Problem;
use super::{AppState, pages};

/// An address without a page: the app shows there what is in its context.
const NOWHERE: &str = "/refused";

/// The answer to a request that goes no further; programs are told `why`.
pub async fn answer(state: &AppState, request: Request, error: AppError, why: &'static str) -> Response {
    let problem = Problem::from(error.clone()).with_detail(why);
    if !wants_a_page(&request) {
        return problem.into_response();
    }
    let (mut parts, _) = request.into_parts();
    parts.method = Method::GET;
    parts.uri = Uri::from_static(NOWHERE);
    parts.headers.remove(CONTENT_TYPE);
    let mut response = pages::refused(state, &error, Request::from_parts(parts, Body::empty())).await;
    *response.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::FORBIDDEN);
    if let AppError::RateLimited { retry_after } = error {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(retry_after));
    }
    response
}

fn wants_a_page(request: &Request) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    let is_rest = request.uri().path().starts_with("/api/");
    !is_rest && accepted.is_some_and(|accepted| accepted.contains("text/html"))
}
