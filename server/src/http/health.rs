//! `/healthz`: the process lives. `/readyz`: it can do its work, and if not, which part is missing.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use super::AppState;
use crate::relay::Standing;

/// A database that takes longer to say anything is as good as none.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/readyz` says of each part; never why it failed, which is for the log.
#[derive(Serialize)]
pub struct Readiness {
    status: &'static str,
    database: &'static str,
    broker: &'static str,
    /// How the broker's accounts stand to ours.
    accounts: &'static str,
    /// What several instances tell each other by.
    relay: &'static str,
    /// Whether the database takes what comes in: it may answer and still have no room.
    intake: &'static str,
}

/// Always "ok": a supervisor that gets no answer restarts us.
pub async fn alive() -> &'static str {
    "ok"
}

/// 200 if readings can come in and be stored, 503 otherwise.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Readiness>) {
    let database = answers(&state).await;
    let broker = state.broker.state().ready;
    let accounts = state.handover.gatekeeper.state().standing;
    let relay = state.live.relay.standing();
    let is_stuck = state.live.intake.is_stuck();
    let (code, status) = if database && broker && !is_stuck {
        // Readings come in; that new devices may not is for the operator, not for whoever routes requests.
        // Nor is that other instances cannot be heard: pages look for themselves then.
        let troubled = accounts.is_trouble() || relay == Standing::Unreachable;
        (StatusCode::OK, if troubled { "degraded" } else { "ok" })
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "degraded")
    };
    let (database, broker) = (word(database), word(broker));
    let body = Readiness {
        status,
        database,
        broker,
        accounts: accounts.as_str(),
        relay: relay.as_str(),
        intake: if is_stuck { "stuck" } else { "ok" },
    };
    (code, Json(body))
}

async fn answers(state: &AppState) -> bool {
    match tokio::time::timeout(PATIENCE, state.db.ping()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database refuses");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            false
        }
    }
}

const fn word(is_well: bool) -> &'static str {
    if is_well { "ok" } else { "unreachable" }
}
