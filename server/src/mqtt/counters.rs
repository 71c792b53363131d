//! The names of everything this module counts, in one place.

use metrics::counter;

/// Which door a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// The broker in this process.
    Embedded,
    /// The broker outside.
    Link,
}

impl Via {
    const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Link => "link",
        }
    }
}

/// A device (embedded) or the server itself (link) has connected.
pub(super) fn connected(via: Via) {
    counter!("templog_mqtt_connects_total", "door" => via.name()).increment(1);
}

/// The connection to the outside broker was lost or refused.
pub(super) fn link_lost(cause: &'static str) {
    counter!("templog_mqtt_reconnects_total", "cause" => cause).increment(1);
}

/// A device was not let in.
pub(super) fn refused_auth(reason: &'static str) {
    counter!("templog_mqtt_refused_auth_total", "reason" => reason).increment(1);
}

/// A message or subscription outside the rules was dropped.
pub(super) fn refused_topic(via: Via, what: &'static str) {
    counter!("templog_mqtt_refused_topics_total", "door" => via.name(), "what" => what).increment(1);
}

/// A connection was closed without an acknowledgement, because its reading could not be stored in time.
pub(super) fn unacknowledged() {
    counter!("templog_mqtt_unacknowledged_total").increment(1);
}

/// Acknowledgements sent to devices.
pub(super) fn acks_sent(messages: u64) {
    counter!("templog_mqtt_acks_sent_total").increment(messages);
}

/// A device answered a command.
pub(super) fn reply(via: Via) {
    counter!("templog_mqtt_replies_total", "door" => via.name()).increment(1);
}
