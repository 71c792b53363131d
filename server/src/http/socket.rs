//! `GET /ws/live`: who may open a live socket. What it says is in [`crate::live`].

use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::AppState;
use super::csrf::is_own_origin;
use super::extract::SignedIn;
use super::problem::Problem;
use crate::live::MAX_MESSAGE_BYTES;

/// Buffers per socket: small, because there may be thousands and each says little.
const BUFFER_BYTES: usize = 4 * 1024;

/// Refuses other sites before anything else, then strangers; browsers cannot be made to send a
/// bearer token, so its holder needs no `Origin`.
pub async fn connect(
    State(state): State<AppState>,
    headers: HeaderMap,
    signed_in: Result<SignedIn, Problem>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    if !headers.contains_key(AUTHORIZATION) && !is_own_origin(&headers, &state.config.public_url) {
        return Err(Problem::new(StatusCode::FORBIDDEN).with_detail("the socket was opened by another site"));
    }
    let SignedIn(person) = signed_in?;
    let upgrade = upgrade
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES)
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES);
    let lifecycle = state.live.lifecycle.clone();
    Ok(upgrade.on_upgrade(async move |socket| {
        lifecycle.spawn("live socket", state.live.serve(socket, person));
    }))
}
