//! Buttons that tell a device to do something, and the choice of its interval.

use app::error::AppError;
use app::form::FormAnswer;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::time::Timestamp;
use domain::wire::command::{Command, Reply};
use serde::Deserialize;
use serde_json::json;

use super::alerts::own_device;
use super::{answer, segment};
use crate::auth::Asker;
use crate::commands::{CommandError, PATIENCE};
use crate::db::devices::Device;
use crate::error::Error;
use crate::http::AppState;
use crate::http::extract::SignedInHere;
use crate::zone;

/// Arguments, as browsers send them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CommandForm {
    on: Option<String>,
    interval_s: Option<String>,
}

impl CommandForm {
    /// The command of that name with these arguments.
    fn command(&self, name: &str) -> Option<Command> {
        // What is no argument is none; the one parser of commands says what is missing.
        let on: Option<bool> = self.on.as_deref().and_then(|text| text.parse().ok());
        let interval_s: Option<u32> = self.interval_s.as_deref().and_then(|text| text.trim().parse().ok());
        let arguments = json!({"on": on, "interval_s": interval_s}).to_string();
        let request = Command::parse(name, arguments.as_bytes()).ok()?;
        Some(request.command)
    }
}

/// `POST /devices/{serial}/commands/{name}`
pub async fn tell(
    State(state): State<AppState>,
    SignedInHere(person): SignedInHere,
    asker: Asker,
    Path((serial, name)): Path<(String, String)>,
    Form(form): Form<CommandForm>,
) -> Response {
    let words = FormAnswer::to("commands").value("name", &name);
    let words = match own_device(&state, person.id, &serial).await {
        Err(error) => refused(words, error),
        Ok(device) => match form.command(&name) {
            None => words.problem("form", "invalid"),
            Some(command) => {
                let commander = &state.commander;
                let reply = match command {
                    Command::ReadNow => commander.read_now(&device, PATIENCE).await,
                    _ => commander.ask((person.id, &asker), &device, command).await,
                };
                told(words, &device, command, reply)
            }
        },
    };
    let page = if name == "set" { "/settings" } else { "" };
    let serial = segment(&serial);
    answer::back(&state, &format!("/devices/{serial}{page}"), &words)
}

fn told(words: FormAnswer, device: &Device, command: Command, reply: Result<Reply, CommandError>) -> FormAnswer {
    let local = |at| zone::rfc3339(&zone::find_or_utc(&device.zone), at);
    match reply {
        Ok(reply) if reply.ok => {
            let done = match command {
                Command::Led { on: true } => "led-on",
                Command::Led { on: false } => "led-off",
                other => other.name(),
            };
            measured(words, &reply, local).done(done)
        }
        Ok(reply) => words
            .value("why", &excerpt(reply.error.as_deref().unwrap_or_default()))
            .problem("form", "refused"),
        Err(CommandError::Away(since)) => words
            .value("since", &local(since))
            .value("since-ms", &since.as_millis().to_string())
            .problem("form", "away"),
        Err(CommandError::NoAnswer) => words.problem("form", "no-answer"),
        Err(CommandError::Unreachable) => words.problem("form", "unreachable"),
        Err(CommandError::Limited(_)) => words.problem("form", "limited"),
        Err(CommandError::Failed(error)) => refused(words, error),
    }
}

/// The numbers of a reading, if the reply is one.
fn measured(words: FormAnswer, reply: &Reply, local: impl Fn(Timestamp) -> String) -> FormAnswer {
    let mut words = words;
    for field in ["t", "h"] {
        if let Some(number) = reply.result.get(field).and_then(serde_json::Value::as_f64) {
            words = words.value(field, &number.to_string());
        }
    }
    if let Some(at) = reply.result.get("at").and_then(serde_json::Value::as_i64) {
        let clock = local(Timestamp::from_millis(at));
        words = words.value("at", clock.get(11..19).unwrap_or_default());
    }
    words
}

/// What a device says is shown, but not however long it is.
fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

fn refused(words: FormAnswer, error: Error) -> FormAnswer {
    match error {
        Error::Forbidden => words.problem("form", "forbidden"),
        error => {
            let _logged = AppError::from(error);
            words.problem("form", "unavailable")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_spells_a_command_or_none() {
        let form = |on: Option<&str>, interval_s: Option<&str>| CommandForm {
            on: on.map(str::to_owned),
            interval_s: interval_s.map(str::to_owned),
        };
        assert_eq!(form(Some("true"), None).command("led"), Some(Command::Led { on: true }));
        let set = Command::Set { interval_s: 30 };
        assert_eq!(form(None, Some("30")).command("set"), Some(set));
        assert_eq!(form(None, None).command("read_now"), Some(Command::ReadNow));
        for (on, interval_s, name) in [
            (None, Some("0"), "set"),
            (None, Some("1,\"x\":2"), "set"),
            (None, None, "set"),
            (Some("maybe"), None, "led"),
            (None, None, "explode"),
        ] {
            assert_eq!(form(on, interval_s).command(name), None, "{name} {on:?} {interval_s:?}");
        }
    }
}
