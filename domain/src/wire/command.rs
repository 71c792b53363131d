//! What a server may ask of a device, and how the device answers.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::malformed::{Malformed, text};

/// A request to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Measure now and send the reading.
    ReadNow,
    /// Blink, so that its owner finds it.
    Identify,
    /// Report every so many seconds, 1 to 86,400.
    Set {
        /// Seconds between two readings.
        interval_s: u32,
    },
    /// Switch the lamp.
    Led {
        /// Whether it shall shine.
        on: bool,
    },
    /// Start anew.
    Restart,
}

/// A command as it arrives: MQTT 3.1.1 has no correlation data, so the id may be in the JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is asked.
    pub command: Command,
    /// The request's id, if the JSON carries one.
    pub id: Option<String>,
}

/// `{"ok":true,…}` or `{"ok":false,"error":"…"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Whether the device did it.
    pub ok: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The request's id, if its JSON carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whatever the answer consists of.
    #[serde(flatten)]
    pub result: Map<String, Value>,
}

impl Command {
    /// The last level of its topic.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadNow => "read_now",
            Self::Identify => "identify",
            Self::Set { .. } => "set",
            Self::Led { .. } => "led",
            Self::Restart => "restart",
        }
    }

    /// Reads a command from the last level of its topic and its payload; an empty payload counts
    /// as an empty object.
    pub fn parse(name: &str, payload: &[u8]) -> Result<Request, Malformed> {
        let text = text(payload)?.trim();
        let text = if text.is_empty() { "{}" } else { text };
        let body: Value = serde_json::from_str(text).map_err(|_| Malformed::because("not valid JSON"))?;
        if !body.is_object() {
            return Err(Malformed::because("a command's payload is a JSON object"));
        }
        let command = match name {
            "read_now" => Self::ReadNow,
            "identify" => Self::Identify,
            "set" => Self::Set {
                interval_s: interval_s(&body)?,
            },
            "led" => Self::Led {
                on: body["on"]
                    .as_bool()
                    .ok_or(Malformed::because("on must be true or false"))?,
            },
            "restart" => Self::Restart,
            _ => return Err(Malformed::because("unknown command")),
        };
        Ok(Request {
            command,
            id: body["id"].as_str().map(ToOwned::to_owned),
        })
    }

    /// Its payload, with the request's id inside for devices that speak MQTT 3.1.1.
    pub fn payload(self, id: Option<&str>) -> String {
        let mut body = match self {
            Self::Set { interval_s } => json!({ "interval_s": interval_s }),
            Self::Led { on } => json!({ "on": on }),
            Self::ReadNow | Self::Identify | Self::Restart => json!({}),
        };
        if let Some(id) = id {
            body["id"] = id.into();
        }
        body.to_string()
    }
}

fn interval_s(body: &Value) -> Result<u32, Malformed> {
    body["interval_s"]
        .as_u64()
        .and_then(|s| u32::try_from(s).ok())
        .filter(|s| (1..=86_400).contains(s))
        .ok_or(Malformed::because("interval_s must be 1 to 86400"))
}

impl Reply {
    /// Done.
    pub fn done(id: Option<String>) -> Self {
        Self {
            ok: true,
            error: None,
            id,
            result: Map::new(),
        }
    }

    /// With one more thing to tell.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.result.insert(name.to_owned(), value.into());
        self
    }

    /// Not done.
    pub fn failed(id: Option<String>, error: &str) -> Self {
        Self {
            ok: false,
            error: Some(error.to_owned()),
            id,
            result: Map::new(),
        }
    }

    /// Reads a reply payload.
    pub fn decode(payload: &[u8]) -> Result<Self, Malformed> {
        serde_json::from_str(text(payload)?).map_err(|_| Malformed::because("not a reply object with ok"))
    }

    /// Writes a reply payload.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).expect("a reply is always valid JSON")
    }
}
