//! Plain form posts, one file per noun: they work before and without any script, and answer with a redirect.

mod account_words;
mod accounts;
pub(super) mod alerts;
pub mod answer;
mod authenticator;
mod check;
mod claim;
mod commands;
mod family;
mod kakao;
mod notifications;
mod operator;
mod passkeys;
mod preferences;
mod push;
mod release;
mod room_settings;
mod session;
mod settings_account;
mod settings_data;
mod settings_sessions;
mod settings_tokens;
mod sign_in_ways;

use axum::Router;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::serial::Serial;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::AppState;
use super::local_path::LocalPath;
use super::session::CookiesDecided;
use crate::auth::{Entry, Tokens};

/// What people want to be told, and that they know.
fn alert_routes() -> Router<AppState> {
    Router::new()
        .route("/alerts/acknowledge", post(alerts::know_letter))
        .route("/alerts/opened", post(push::opened))
        .route("/alerts/{id}/acknowledge", post(alerts::know))
        .route("/devices/{serial}/alerts", post(alerts::add))
        .route("/devices/{serial}/alerts/presets", post(alerts::add_preset))
        .route("/rules/{id}", post(alerts::change))
        .route("/rules/{id}/remove", post(alerts::remove))
        .route("/push/key", get(push::key))
        .route("/settings/notifications", post(notifications::choose))
        .route("/settings/notifications/push", post(push::switch_on))
        .route("/settings/notifications/push/remove", post(push::remove))
        .route("/settings/notifications/push/test", post(push::test))
        .route("/settings/notifications/test", post(notifications::test))
}

/// Every form of the site.
pub fn routes() -> Router<AppState> {
    alert_routes()
        .merge(settings_routes())
        .route("/check", post(check::ask))
        .route("/claim", post(claim::take))
        .route("/degrees", post(preferences::set_degrees))
        .route("/devices/{serial}/commands/{name}", post(commands::tell))
        .route("/devices/{serial}/release", post(release::give_away))
        .route("/devices/{serial}/settings", post(room_settings::save))
        .route("/forgot-password", post(accounts::forgot_password))
        .route("/invite", post(family::accept))
        .route("/language", post(preferences::set_language))
        .route("/operator/orders/{id}/products.csv", get(operator::download))
        .route("/operator/products", post(operator::order))
        .route("/operator/products/{serial}/return", post(release::take_back))
        .route("/reset-password", post(accounts::reset_password))
        .route("/sign-in", post(session::sign_in))
        .route("/sign-in/code", post(authenticator::give_code))
        .route("/sign-in/kakao", post(kakao::depart))
        .route("/sign-in/kakao/callback", get(kakao::arrive))
        .route("/sign-in/kakao/link", post(kakao::prove))
        .route("/sign-in/kakao/link/mail", post(kakao::send_code))
        .route("/sign-in/passkey", post(passkeys::ask))
        .route("/sign-in/passkey/proof", post(passkeys::prove))
        .route("/sign-out", post(session::sign_out))
        .route("/sign-up", post(accounts::sign_up))
        .route("/theme", post(preferences::set_theme))
        .route("/verify", post(accounts::verify))
        .route("/verify/again", post(accounts::verify_again))
}

/// The forms below `/settings`.
fn settings_routes() -> Router<AppState> {
    Router::new()
        .route(
            "/settings/account/address",
            post(settings_account::ask_to_change_address),
        )
        .route("/settings/account/address/code", post(settings_account::change_address))
        .route("/settings/account/address/stop", post(settings_account::keep_address))
        .route("/settings/account/delete", post(settings_data::delete))
        .route("/settings/account/export", get(settings_data::export))
        .route("/settings/account/password", post(settings_account::change_password))
        .route("/settings/family/hand-over", post(family::hand_over))
        .route("/settings/family/invite", post(family::invite))
        .route("/settings/family/invite/withdraw", post(family::withdraw))
        .route("/settings/family/leave", post(family::leave))
        .route("/settings/family/remove", post(family::remove))
        .route("/settings/family/role", post(family::set_role))
        .route("/settings/sessions/end", post(settings_sessions::end))
        .route("/settings/sessions/end-others", post(settings_sessions::end_others))
        .route("/settings/sign-in/app", post(authenticator::enrol))
        .route("/settings/sign-in/app/confirm", post(authenticator::confirm))
        .route("/settings/sign-in/app/remove", post(authenticator::remove))
        .route("/settings/sign-in/kakao", post(sign_in_ways::connect_kakao))
        .route("/settings/sign-in/kakao/remove", post(sign_in_ways::remove_kakao))
        .route("/settings/sign-in/passkey", post(passkeys::begin))
        .route("/settings/sign-in/passkey/add", post(passkeys::add))
        .route("/settings/sign-in/passkey/remove", post(passkeys::remove))
        .route("/settings/sign-in/recovery-codes", post(authenticator::renew_codes))
        .route("/settings/tokens", post(settings_tokens::create))
        .route("/settings/tokens/revoke", post(settings_tokens::revoke))
}

/// What a proof leads to: the page that was wanted, or the one that asks for the second proof.
fn proven(state: &AppState, entry: Entry) -> Response {
    match entry {
        Entry::Open(tokens, next) => inside(state, &tokens, next),
        Entry::CodeNeeded(ticket) => {
            let mut response = see_other("/sign-in/code");
            state.auth.cookies().set_step(response.headers_mut(), &ticket);
            response
        }
    }
}

/// In: to the page that was wanted.
fn inside(state: &AppState, tokens: &Tokens, next: String) -> Response {
    let mut response = see_other(LocalPath::from(next).as_str());
    state.auth.cookies().set(response.headers_mut(), tokens);
    decided(response)
}

/// The response says what becomes of the session's cookies.
fn decided(mut response: Response) -> Response {
    response.extensions_mut().insert(CookiesDecided);
    response
}

fn see_other(path: &str) -> Response {
    let location = HeaderValue::try_from(path).expect("a local path is visible ASCII");
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// A serial number as a part of an address; what is none might hold anything.
fn segment(serial: &str) -> String {
    match serial.parse::<Serial>() {
        Ok(serial) => serial.to_string(),
        Err(_) => utf8_percent_encode(serial, NON_ALPHANUMERIC).to_string(),
    }
}
