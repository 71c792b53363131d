//! What waits in the queue: a payload, already decoded in the door's own task so that the committer only decides.

use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::Malformed;
use domain::wire::status::{self, Status};
use domain::wire::telemetry::{self, Items};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Receipt;

/// Characters of a bad payload that are kept.
const EXCERPT_CHARS: usize = 200;

/// A message from a device.
#[derive(Debug)]
pub(super) struct Message {
    pub serial: Serial,
    pub received: Timestamp,
    pub body: Body,
    /// Where the receipt goes; nobody may be waiting any more.
    pub reply: oneshot::Sender<Receipt>,
    /// Its place in the queue, free again when the message is dropped.
    #[expect(dead_code, reason = "it is only ever dropped")]
    pub room: Option<OwnedSemaphorePermit>,
}

#[derive(Debug)]
pub(super) enum Body {
    /// Readings, and items that are none. `excerpt` is there if some are none.
    Telemetry { items: Items, excerpt: Option<String> },
    /// `retained`: a copy the broker kept, so it says nothing about this moment.
    Status { status: Status, retained: bool },
    /// Nothing in it can be understood.
    Malformed { why: Malformed, excerpt: String },
}

impl Body {
    pub(super) fn telemetry(payload: &[u8]) -> Self {
        match telemetry::decode(payload) {
            Ok(items) => {
                let excerpt = items.iter().any(Result::is_err).then(|| excerpt(payload));
                Self::Telemetry { items, excerpt }
            }
            Err(why) => Self::Malformed {
                why,
                excerpt: excerpt(payload),
            },
        }
    }

    pub(super) fn status(payload: &[u8], retained: bool) -> Self {
        match status::decode(payload) {
            Ok(status) => Self::Status { status, retained },
            Err(why) => Self::Malformed {
                why,
                excerpt: excerpt(payload),
            },
        }
    }

    /// How much work and memory it is, in readings; at least 1, at most 512.
    pub(super) fn weight(&self) -> u32 {
        match self {
            Self::Telemetry { items, .. } => u32::try_from(items.len()).unwrap_or(u32::MAX),
            Self::Status { .. } | Self::Malformed { .. } => 1,
        }
    }
}

fn excerpt(payload: &[u8]) -> String {
    let head = &payload[..payload.len().min(4 * EXCERPT_CHARS)];
    String::from_utf8_lossy(head).chars().take(EXCERPT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_is_no_text_is_still_shown_to_its_owner() {
        let Body::Malformed { why, excerpt } = Body::telemetry(b"\xff\xfe{") else {
            panic!("it is not UTF-8")
        };
        assert_eq!(why.reason, "not UTF-8");
        assert_eq!(excerpt, "\u{fffd}\u{fffd}{");
    }

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        let payload = "온".repeat(70_000);
        let Body::Malformed { excerpt, .. } = Body::telemetry(payload.as_bytes()) else {
            panic!("it is too large")
        };
        assert_eq!(excerpt, "온".repeat(EXCERPT_CHARS));
    }
}
