//! The pages: the Leptos app rendered here, with everything it needs put into its context.

use std::sync::Arc;

use app::backend::Backend;
use app::error::AppError;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use leptos::context::{provide_context, use_context};
use leptos::nonce::Nonce;
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};

use super::AppState;
use super::security::CspNonce;
use crate::backend::ServerBackend;

/// Every route the app knows, and every server function.
pub fn routes(state: &AppState) -> Router<AppState> {
    let options = state.leptos.clone();
    Router::new().leptos_routes_with_context(state, generate_route_list(app::App), context(state), move || {
        app::shell(options.clone())
    })
}

/// The app's own page for an address that leads nowhere, with the status that says so.
pub fn not_found(state: &AppState) -> Router<AppState> {
    let options = state.leptos.clone();
    let render = render_app_async_with_context(context(state), move || app::shell(options.clone()));
    Router::new().fallback(move |request: Request| async move {
        let mut response: Response = render(request).await;
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    })
}

/// The app's own page that says why something is refused.
pub async fn refused(state: &AppState, error: &AppError, request: Request) -> Response {
    let (options, error, provide) = (state.leptos.clone(), error.clone(), context(state));
    let context = move || {
        provide();
        provide_context(error.clone());
    };
    render_app_async_with_context(context, move || app::shell(options.clone()))(request).await
}

fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let backend: Arc<dyn Backend> = Arc::new(ServerBackend {
        db: state.db.clone(),
        clock: state.clock.clone(),
        listening: state.live.hub.listening().clone(),
        auth: state.auth.clone(),
        accounts: state.accounts.clone(),
        ways: state.ways.clone(),
        family: state.family.clone(),
        handover: state.handover.clone(),
        vitals: state.vitals.clone(),
        api: super::api::operations().into(),
        links: state.bell.links().clone(),
        herald: state.herald.clone(),
    });
    move || {
        app::backend::provide(Arc::clone(&backend));
        // The nonce that the headers of this very response announce.
        let parts = use_context::<Parts>();
        if let Some(nonce) = parts.as_ref().and_then(|parts| parts.extensions.get::<CspNonce>()) {
            provide_context(Nonce::from_value(nonce.0.as_str()));
        }
    }
}
