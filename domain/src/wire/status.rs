//! A device's word about itself: retained, and left behind as its will.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::malformed::{Malformed, text};

/// Longest firmware version that is kept, bytes.
const LONGEST_FW: usize = 64;
/// A device reports at least once a day.
const LONGEST_INTERVAL_S: u32 = 86_400;

/// `{"online":true,"boot":12,"fw":"1.4.0","interval_s":60}`, or the will `{"online":false}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Whether the device holds a connection to the broker.
    pub online: bool,
    /// How often the device has started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<u64>,
    /// Version of its firmware.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fw: Option<String>,
    /// Seconds between two readings, 1 to 86,400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_s: Option<u32>,
}

impl Status {
    /// The will: what the broker says when the connection breaks.
    pub const fn offline() -> Self {
        Self {
            online: false,
            boot: None,
            fw: None,
            interval_s: None,
        }
    }
}

/// Reads a status payload.
pub fn decode(payload: &[u8]) -> Result<Status, Malformed> {
    let status: Status = serde_json::from_str(text(payload)?)
        .map_err(|_| Malformed::because("not a status object with online, boot, fw, interval_s"))?;
    if status
        .interval_s
        .is_some_and(|s| !(1..=LONGEST_INTERVAL_S).contains(&s))
    {
        return Err(Malformed::because("interval_s must be 1 to 86400"));
    }
    if status.fw.as_ref().is_some_and(|fw| fw.len() > LONGEST_FW) {
        return Err(Malformed::because("fw is longer than 64 bytes"));
    }
    Ok(status)
}

/// Writes a status payload.
pub fn encode(status: &Status) -> String {
    serde_json::to_string(status).expect("a status is always valid JSON")
}
