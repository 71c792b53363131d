//! The server's receipt: exactly these readings are stored, the device may forget them.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::malformed::{Malformed, text};
use crate::time::Timestamp;

/// `{"boot":12,"stored":[[1800,1841],[1843,1843]]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The start of the device these sequence numbers belong to.
    pub boot: u64,
    /// Ranges of stored sequence numbers, both ends included.
    pub stored: Vec<(u64, u64)>,
}

impl Ack {
    /// Whether the reading numbered `seq` is stored.
    pub fn covers(&self, seq: u64) -> bool {
        self.stored.iter().any(|&(first, last)| first <= seq && seq <= last)
    }
}

/// Reads an ack payload.
pub fn decode(payload: &[u8]) -> Result<Ack, Malformed> {
    serde_json::from_str(text(payload)?).map_err(|_| Malformed::because("not an ack object with boot and stored"))
}

/// Writes an ack payload.
pub fn encode(ack: &Ack) -> String {
    serde_json::to_string(ack).expect("an ack is always valid JSON")
}

/// Writes an ack payload that also tells what time it is, for devices that have nobody else to ask:
/// `{"boot":12,"stored":[[1800,1841]],"now":1795161600000}`.
pub fn encode_at(ack: &Ack, now: Timestamp) -> String {
    #[derive(Serialize)]
    struct Dated<'a> {
        #[serde(flatten)]
        ack: &'a Ack,
        now: Timestamp,
    }
    serde_json::to_string(&Dated { ack, now }).expect("an ack is always valid JSON")
}

/// What time an ack payload says it is, if it does.
pub fn clock(payload: &[u8]) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Dated {
        now: Timestamp,
    }
    let dated: Dated = serde_json::from_slice(payload).ok()?;
    Some(dated.now)
}

/// Folds ascending sequence numbers (repeats allowed) into ranges, both ends included.
pub fn ranges(sorted: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for seq in sorted {
        match ranges.last_mut() {
            Some((_, last)) if seq <= last.saturating_add(1) => *last = seq.max(*last),
            _ => ranges.push((seq, seq)),
        }
    }
    ranges
}
