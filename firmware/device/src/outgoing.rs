//! What the device wants to be published.

use alloc::string::String;
use alloc::vec::Vec;

use domain::wire::topic::Topic;

/// A message; all of them are published to arrive at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub topic: Topic<'static>,
    /// JSON.
    pub payload: String,
    /// Whether the broker shall keep it for later subscribers.
    pub retain: bool,
    /// Correlation data of the request this answers (MQTT 5).
    pub correlation: Option<Vec<u8>>,
}
