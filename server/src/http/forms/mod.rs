//! Plain form posts, one file per noun: they work before and without any script, and answer with a redirect.

pub mod answer;
mod preferences;
mod session;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;

use super::AppState;

/// Every form of the site.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/language", post(preferences::set_language))
        .route("/sign-in", post(session::sign_in))
        .route("/sign-out", post(session::sign_out))
        .route("/theme", post(preferences::set_theme))
}

fn see_other(path: &str) -> Response {
    let location = HeaderValue::try_from(path).expect("a local path is visible ASCII");
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
