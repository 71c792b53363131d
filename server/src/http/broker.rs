//! `POST /internal/mqtt/auth` and `/internal/mqtt/acl`: what a broker outside asks, in the form of EMQX 5
//! (docs.emqx.com, "Use HTTP Service"). Only with `TEMPLOG_MQTT_AUTH_TOKEN`; without it there is no such address.
//!
//! EMQX takes any answer but 200 for "ask somebody else", so a refusal is a 200 that says `deny`.

use app::error::AppError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::AppState;
use super::client::ClientIp;
use super::problem::Problem;
use crate::limits::RetryAfter;
use crate::mqtt::{Verdict, Wish};

/// How long a connection may last before the broker has to ask again, seconds: what a withdrawn password had opened ends
/// by then. Drawn from a range, so that not all devices come back at once.
const ASK_AGAIN_S: std::ops::Range<i64> = 3_000..3_600;

#[derive(Deserialize)]
struct Connecting {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    clientid: String,
}

#[derive(Deserialize)]
struct Doing {
    #[serde(default)]
    username: String,
    action: Action,
    topic: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Publish,
    Subscribe,
}

#[derive(Serialize)]
struct Answer {
    result: &'static str,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    expire_at: Option<i64>,
}

impl Answer {
    const fn of(verdict: Verdict) -> Self {
        let result = match verdict {
            Verdict::Allow => "allow",
            Verdict::Deny => "deny",
            Verdict::Ignore => "ignore",
        };
        Self {
            result,
            expire_at: None,
        }
    }
}

/// Whether a client may connect.
pub async fn admit(State(state): State<AppState>, from: ClientIp, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Connecting = match question(&state, from, &headers, &body).await {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let verdict = state
        .oracle
        .admits(&asked.username, &asked.clientid, asked.password.as_bytes());
    let mut answer = Answer::of(verdict.await);
    if answer.result == "allow" {
        let now_s = state.clock.now().as_millis() / 1_000;
        answer.expire_at = Some(now_s + rand::random_range(ASK_AGAIN_S));
    }
    Json(answer).into_response()
}

/// Whether a client may publish or subscribe.
pub async fn permit(State(state): State<AppState>, from: ClientIp, headers: HeaderMap, body: Bytes) -> Response {
    let asked: Doing = match question(&state, from, &headers, &body).await {
        Ok(asked) => asked,
        Err(problem) => return problem.into_response(),
    };
    let wish = match asked.action {
        Action::Publish => Wish::Publish,
        Action::Subscribe => Wish::Subscribe,
    };
    let verdict = state.oracle.permits(&asked.username, wish, &asked.topic);
    Json(Answer::of(verdict)).into_response()
}

/// What is asked, by somebody who may. A guess at the token is as good as no such address, and counts as a change.
async fn question<'a, T: Deserialize<'a>>(
    state: &AppState,
    from: ClientIp,
    headers: &HeaderMap,
    body: &'a Bytes,
) -> Result<T, Problem> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer "));
    let is_broker = given.is_some_and(|given| state.broker_token.as_ref().is_some_and(|token| token.matches(given)));
    if !is_broker {
        let counted = state.throttle.count_stranger(from, state.clock.now()).await;
        return Err(counted.map_or_else(
            |RetryAfter(retry_after)| AppError::RateLimited { retry_after }.into(),
            |()| Problem::not_found(),
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        tracing::warn!(%error, "the MQTT broker asks in a form that is not understood: see docs/scaling.md");
        Problem::new(StatusCode::BAD_REQUEST).with_detail("JSON as docs/scaling.md has it")
    })
}
