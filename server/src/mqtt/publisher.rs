//! How the server speaks to devices, whichever door they came in by. Never waits: what cannot be sent now is refused.

use std::sync::Arc;

use bytes::Bytes;
use domain::wire::topic::{Leaf, Topic};

use crate::db::RequestId;

/// How a message is to be delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublishOptions {
    /// At least once instead of at most once.
    pub at_least_once: bool,
    /// Seconds after which a message not yet delivered is worthless.
    pub expiry_s: Option<u32>,
    /// Whether the broker keeps it; an empty message takes what it keeps away.
    pub retain: bool,
    /// What the device is to answer to, if it is asked something: goes along as correlation data.
    pub request: Option<RequestId>,
}

impl PublishOptions {
    /// Where the answer to a message on `topic` goes, and its correlation data.
    pub(super) fn answer_to(&self, topic: &str) -> Option<(String, Vec<u8>)> {
        let request = self.request?;
        let asked = Topic::parse(topic).ok()?;
        let answer = Topic::new(asked.serial, Leaf::Reply).to_string();
        Some((answer, request.to_string().into_bytes()))
    }
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// There is no connection to the broker.
    #[error("not connected to the broker")]
    Offline,
    /// Too much is waiting to be sent already.
    #[error("too many messages are waiting to be sent")]
    Busy,
}

/// What a door offers for sending. Must not block.
pub(super) trait Outlet: Send + Sync {
    /// Takes a message, or says why not.
    fn try_publish(&self, topic: String, payload: Bytes, options: PublishOptions) -> Result<(), PublishError>;
}

/// Publishes through the door that is open; cheap to clone.
#[derive(Clone)]
pub struct Publisher(Arc<dyn Outlet>);

impl Publisher {
    pub(super) fn new(outlet: impl Outlet + 'static) -> Self {
        Self(Arc::new(outlet))
    }

    /// Hands a message over for sending, without waiting.
    ///
    /// # Errors
    /// If there is no connection or too much is waiting; nothing is queued then.
    pub fn try_publish(
        &self,
        topic: impl Into<String>,
        payload: impl Into<Bytes>,
        options: PublishOptions,
    ) -> Result<(), PublishError> {
        self.0.try_publish(topic.into(), payload.into(), options)
    }
}
