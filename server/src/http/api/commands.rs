//! `/devices/{serial}/commands/{name}`: has a device do something.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::wire::command::{Command, Reply};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::AppState;
use super::super::extract::SignedIn;
use super::super::forms::alerts::own_device;
use super::super::problem::Problem;
use crate::auth::Asker;
use crate::commands::CommandError;
use crate::limits::RetryAfter;

/// What the device says, as it says it.
#[derive(Serialize, ToSchema)]
pub struct CommandReply {
    /// Whether it did it.
    ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Whatever else it says: after `read_now` the reading, `at` (Unix milliseconds), `t` (°C) and `h` (%RH).
    #[serde(flatten)]
    #[schema(value_type = Object, example = json!({"at": 1_795_161_600_000_i64, "t": 24.6, "h": 58.2}))]
    result: Map<String, Value>,
}

impl From<Reply> for CommandReply {
    fn from(reply: Reply) -> Self {
        Self {
            ok: reply.ok,
            error: reply.error,
            result: reply.result,
        }
    }
}

/// Tell a device to do something
///
/// `read_now` (measure at once), `identify` (blink), `set` with `{"interval_s":60}` (1 to 86400), `led` with
/// `{"on":true}`, `restart`. The answer is the device's own, also if it says that it cannot. For owners and members.
/// A setting (`set`) is kept when the device does not answer, and told when it is back; of several the latest counts.
#[utoipa::path(
    post, path = "/devices/{serial}/commands/{name}", tag = "devices",
    params(
        ("serial" = String, Path, example = "TL-7K3F9Q2M"),
        ("name" = String, Path, example = "read_now"),
    ),
    request_body(content = Option<Object>, description = "the command's arguments, if it has any", example = json!({"interval_s": 60})),
    responses(
        (status = OK, description = "what the device says", body = CommandReply),
        (status = BAD_REQUEST, description = "no such command, or its arguments make no sense", body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = FORBIDDEN, description = "you, or this token, may only look", body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
        (status = TOO_MANY_REQUESTS, description = "this device is told too much", body = Problem),
        (status = SERVICE_UNAVAILABLE, description = "the broker cannot be reached", body = Problem),
        (status = GATEWAY_TIMEOUT, description = "the device is away, or did not answer within 10 s", body = Problem),
    )
)]
pub async fn tell(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    asker: Asker,
    Path((serial, name)): Path<(String, String)>,
    arguments: Bytes,
) -> Result<Json<CommandReply>, Problem> {
    let device = own_device(&state, person.id, &serial).await?;
    let command = parse(&name, &arguments)?;
    let reply = state.commander.ask((person.id, &asker), &device, command).await;
    reply
        .map(|reply| Json(reply.into()))
        .map_err(|error| problem(error, command))
}

fn parse(name: &str, arguments: &[u8]) -> Result<Command, Problem> {
    match Command::parse(name, arguments) {
        Ok(request) => Ok(request.command),
        Err(malformed) if malformed.reason == "unknown command" => Err(Problem::invalid(
            "name",
            "unknown command: use read_now, identify, set, led or restart",
        )),
        Err(malformed) => Err(Problem::invalid("body", malformed.reason)),
    }
}

fn problem(error: CommandError, command: Command) -> Problem {
    let kept = if matches!(command, Command::Set { .. }) {
        "; the setting is kept and told when it is back"
    } else {
        ""
    };
    match error {
        CommandError::Away(since) => {
            let detail = format!("the device is away since {} (Unix ms){kept}", since.as_millis());
            Problem::new(StatusCode::GATEWAY_TIMEOUT).with_detail(detail)
        }
        CommandError::NoAnswer => {
            let detail = format!("the device did not answer within 10 s{kept}");
            Problem::new(StatusCode::GATEWAY_TIMEOUT).with_detail(detail)
        }
        CommandError::Unreachable => Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            .with_detail("the broker cannot be reached, or has too much to do")
            .with_retry_after(5),
        CommandError::Limited(RetryAfter(seconds)) => Problem::new(StatusCode::TOO_MANY_REQUESTS)
            .with_detail("this device is told too much")
            .with_retry_after(seconds),
        CommandError::Failed(error) => error.into(),
    }
}
