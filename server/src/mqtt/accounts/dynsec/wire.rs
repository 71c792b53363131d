//! The plugin's commands and answers, as JSON. Source: mosquitto.org, "Dynamic Security Plugin", and what 2.0.11 says.

use serde_json::{Value, json};

/// Where commands go.
pub(super) const COMMANDS: &str = "$CONTROL/dynamic-security/v1";
/// Where the answers to all commands of everybody come.
pub(super) const ANSWERS: &str = "$CONTROL/dynamic-security/v1/response";

/// One command; may hold a password, so it has no `Debug`.
pub(super) struct Command(Value);

/// The answer to one command.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// What the plugin did not like.
    pub error: Option<String>,
    /// What was asked for.
    pub data: Value,
}

impl Command {
    /// The command `name` with these members.
    pub fn new(name: &str, members: Value) -> Self {
        let mut command = members;
        command["command"] = json!(name);
        Self(command)
    }
}

/// Several commands in one message. Each carries `token` and its place, so that answers to others are told apart.
pub(super) fn encode(token: &str, commands: Vec<Command>) -> String {
    let numbered = commands.into_iter().enumerate().map(|(place, command)| {
        let mut command = command.0;
        command["correlationData"] = json!(format!("{token}:{place}"));
        command
    });
    json!({"commands": numbered.collect::<Vec<_>>()}).to_string()
}

/// The answers in a message that belong to the commands of `token`, by place.
pub(super) fn decode(token: &str, payload: &[u8]) -> Vec<(usize, Answer)> {
    let message: Value = serde_json::from_slice(payload).unwrap_or_default();
    let answers = message["responses"].as_array().cloned().unwrap_or_default();
    let ours = answers.into_iter().filter_map(|mut answer| {
        let place = answer["correlationData"]
            .as_str()?
            .strip_prefix(token)?
            .strip_prefix(':')?;
        Some((
            place.parse().ok()?,
            Answer {
                error: answer["error"].as_str().map(str::to_owned),
                data: answer["data"].take(),
            },
        ))
    });
    ours.collect()
}
