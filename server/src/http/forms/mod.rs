//! Plain form posts, one file per noun: they work before and without any script, and answer with a redirect.

mod account_words;
mod accounts;
pub mod answer;
mod preferences;
mod session;
mod settings_account;
mod settings_sessions;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;

use super::AppState;

/// Every form of the site.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/forgot-password", post(accounts::forgot_password))
        .route("/language", post(preferences::set_language))
        .route("/reset-password", post(accounts::reset_password))
        .route(
            "/settings/account/address",
            post(settings_account::ask_to_change_address),
        )
        .route("/settings/account/address/code", post(settings_account::change_address))
        .route("/settings/account/address/stop", post(settings_account::keep_address))
        .route("/settings/account/password", post(settings_account::change_password))
        .route("/settings/sessions/end", post(settings_sessions::end))
        .route("/settings/sessions/end-others", post(settings_sessions::end_others))
        .route("/sign-in", post(session::sign_in))
        .route("/sign-out", post(session::sign_out))
        .route("/sign-up", post(accounts::sign_up))
        .route("/theme", post(preferences::set_theme))
        .route("/verify", post(accounts::verify))
        .route("/verify/again", post(accounts::verify_again))
}

fn see_other(path: &str) -> Response {
    let location = HeaderValue::try_from(path).expect("a local path is visible ASCII");
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
