//! Puts all routes together, and around them the layers every request passes.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use super::patience::{self, REQUEST_PATIENCE};
use super::{
    AppState, api, broker, client, csrf, files, forms, health, metrics, pages, security, session, socket, throttle,
};

/// More than any form or API call of ours needs.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The whole site.
pub fn router(state: &AppState) -> Router {
    let pages = pages::routes(state).layer(from_fn_with_state(state.clone(), forms::answer::deliver));
    let with_session = pages
        .merge(forms::routes())
        .route("/ws/live", get(socket::connect))
        .nest("/api/v1", api::routes())
        .layer(from_fn_with_state(state.clone(), throttle::limit))
        .layer(from_fn_with_state(state.clone(), session::resolve));
    let not_found = pages::not_found(state).layer(from_fn_with_state(state.clone(), session::resolve));

    Router::new()
        .merge(with_session)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::print))
        .route("/internal/mqtt/auth", post(broker::admit))
        .route("/internal/mqtt/acl", post(broker::permit))
        .fallback_service(files::or_else(
            &state.config.site_dir,
            &state.edition,
            not_found.with_state(state.clone()),
        ))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), csrf::refuse_cross_site))
        .layer(compression())
        .layer(from_fn_with_state(REQUEST_PATIENCE, patience::end_in_time))
        .layer(from_fn_with_state(state.clone(), security::protect))
        .layer(axum::middleware::from_fn(metrics::count))
        .layer(from_fn_with_state(state.clone(), client::recognise))
        .with_state(state.clone())
}

/// What is compressed already is sent as it is.
fn compression() -> CompressionLayer<impl tower_http::compression::Predicate> {
    let worth_it = DefaultPredicate::new().and(NotForContentType::const_new("application/zip"));
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(worth_it)
}
