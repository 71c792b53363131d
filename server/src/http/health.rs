//! `/healthz`: the process lives. `/readyz`: it can do its work, and if not, which part is missing.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::AppState;

/// What `/readyz` says of each part; never why it failed, which is for the log.
#[derive(Serialize)]
pub struct Readiness {
    status: &'static str,
    database: &'static str,
    broker: &'static str,
}

/// Always "ok": a supervisor that gets no answer restarts us.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 if readings can come in and be stored, 503 otherwise.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let database = match state.db.ping().await {
        Ok(()) => "ok",
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            "unreachable"
        }
    };
    let broker = if state.broker.state().ready {
        "ok"
    } else {
        "unreachable"
    };
    let is_ready = database == "ok" && broker == "ok";
    let (code, status) = match is_ready {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "degraded"),
    };
    (
        code,
        Json(Readiness {
            status,
            database,
            broker,
        }),
    )
}
