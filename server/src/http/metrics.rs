//! `/metrics` in Prometheus' text format. Holds counts only, nothing of any household.

use std::sync::OnceLock;

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::AppState;

/// The recorder belongs to the process, however many servers it runs (tests run several).
static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder on the first call; later calls return the same handle.
pub fn install_metrics() -> PrometheusHandle {
    let install = || {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder can only be there if this process is not ours; then ours stays empty.
        let _ = metrics::set_global_recorder(recorder);
        handle
    };
    HANDLE.get_or_init(install).clone()
}

/// `GET /metrics`
pub async fn print(State(state): State<AppState>) -> Response {
    state.vitals.tell().await;
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, state.metrics.render()).into_response()
}

/// Middleware: counts answers by the class of their status.
pub async fn count(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = match response.status().as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    };
    metrics::counter!("templog_http_responses_total", "status" => class).increment(1);
    response
}
