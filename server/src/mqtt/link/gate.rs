//! What may be handed to the crate's queue, and when: acknowledgements only for the connection their message came by,
//! and never so much that the queue is full.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rumqttc::v5::AsyncClient;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, Publish, PublishProperties};

use crate::mqtt::publisher::{Outlet, PublishError, PublishOptions};

/// Messages of ours that may wait in the queue.
const WAITING: usize = 4_096;
/// Acknowledgements that may wait in the queue. A broker ought to stop at our receive maximum, far below; Mosquitto
/// 2.0 does not when it has a backlog for us, and sends two messages for each that we acknowledge.
const ACKNOWLEDGEMENTS: usize = 128 * 1024;
/// Room for all of them, for our own messages and for the subscriptions.
pub(super) const QUEUE: usize = ACKNOWLEDGEMENTS + WAITING + 16;

/// Which connection, counted from the start of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

#[derive(Debug)]
struct State {
    epoch: Epoch,
    /// Whether that connection stands.
    open: bool,
    /// Messages of ours in the queue.
    waiting: usize,
    /// An acknowledgement found no room: its message would hang until the connection is made anew.
    overrun: bool,
}

/// Shared by the task that polls and those that send.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    client: AsyncClient,
    /// Held while something is put into the queue, so that nothing slips in after the connection is known to be gone.
    state: Arc<Mutex<State>>,
}

impl Gate {
    /// A gate that is still shut.
    pub(super) fn new(client: AsyncClient) -> Self {
        let state = State {
            epoch: Epoch(0),
            open: false,
            waiting: 0,
            overrun: false,
        };
        Self {
            client,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// A connection stands.
    pub(super) fn open(&self) -> Epoch {
        let mut state = self.state();
        state.epoch.0 += 1;
        state.open = true;
        state.waiting = 0;
        state.overrun = false;
        state.epoch
    }

    /// The connection is gone: from now on nothing enters the queue.
    pub(super) fn shut(&self) {
        let mut state = self.state();
        state.open = false;
        state.overrun = false;
    }

    /// Whether a connection stands.
    pub(super) fn is_open(&self) -> bool {
        self.state().open
    }

    /// Whether the broker sent so much at once that only a new connection brings order: what was not acknowledged
    /// comes again, and is then known to be stored.
    pub(super) fn is_overrun(&self) -> bool {
        self.state().overrun
    }

    /// Acknowledges a message at `QoS` 1, if the connection it came by still stands.
    pub(super) fn confirm(&self, epoch: Epoch, packet_id: u16) {
        let mut state = self.state();
        if !state.open || state.epoch != epoch {
            return;
        }
        let mut message = Publish::new("", QoS::AtLeastOnce, Bytes::new(), None);
        message.pkid = packet_id;
        if self.client.try_ack(&message).is_err() {
            state.open = false;
            state.overrun = true;
        }
    }

    /// Asks for what we want to hear.
    pub(super) fn subscribe(&self, filters: impl IntoIterator<Item = Filter>) -> bool {
        self.client.try_subscribe_many(filters).is_ok()
    }

    /// A message of ours has left the queue.
    pub(super) fn left(&self) {
        let mut state = self.state();
        state.waiting = state.waiting.saturating_sub(1);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for Gate {
    fn try_publish(&self, topic: String, payload: Bytes, options: PublishOptions) -> Result<(), PublishError> {
        let mut state = self.state();
        if !state.open {
            return Err(PublishError::Offline);
        }
        if state.waiting >= WAITING {
            return Err(PublishError::Busy);
        }
        let qos = if options.at_least_once {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        };
        let properties = PublishProperties {
            message_expiry_interval: options.expiry_s,
            ..PublishProperties::default()
        };
        self.client
            .try_publish_with_properties(topic, qos, options.retain, payload, properties)
            .map_err(|_| PublishError::Busy)?;
        state.waiting += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rumqttc::v5::Request;

    use super::*;

    fn gate() -> (Gate, impl Fn() -> Vec<Request>) {
        let (sender, receiver) = flume::bounded(QUEUE);
        let gate = Gate::new(AsyncClient::from_senders(sender));
        (gate, move || receiver.drain().collect())
    }

    fn acknowledged(requests: &[Request]) -> Vec<u16> {
        let packet_id = |request: &Request| match request {
            Request::PubAck(ack) => Some(ack.pkid),
            _ => None,
        };
        requests.iter().filter_map(packet_id).collect()
    }

    #[test]
    fn an_acknowledgement_of_an_earlier_connection_is_dropped() {
        let (gate, queued) = gate();
        let first = gate.open();
        gate.confirm(first, 1);
        gate.shut();
        gate.confirm(first, 2);
        let second = gate.open();
        gate.confirm(first, 3);
        gate.confirm(second, 4);
        assert_eq!(acknowledged(&queued()), [1, 4]);
    }

    #[test]
    fn there_is_room_for_acknowledgements_whatever_we_say_ourselves() {
        let (gate, queued) = gate();
        let say = || gate.try_publish("t".to_owned(), Bytes::new(), PublishOptions::default());
        assert_eq!(say(), Err(PublishError::Offline));

        let epoch = gate.open();
        while say().is_ok() {}
        assert_eq!(say(), Err(PublishError::Busy));
        for packet_id in (1..=u16::MAX).cycle().take(ACKNOWLEDGEMENTS) {
            gate.confirm(epoch, packet_id);
        }
        assert!(gate.subscribe([Filter::new("a", QoS::AtLeastOnce)]));
        assert!(!gate.is_overrun());
        assert_eq!(acknowledged(&queued()).len(), ACKNOWLEDGEMENTS);

        gate.left();
        assert_eq!(say(), Ok(()));
    }

    #[test]
    fn a_message_that_cannot_be_acknowledged_asks_for_a_new_connection() {
        let (gate, _queued) = gate();
        let flooded = gate.open();
        for packet_id in (1..=u16::MAX).cycle().take(QUEUE + 1) {
            gate.confirm(flooded, packet_id);
        }
        assert!(gate.is_overrun() && !gate.is_open());
        gate.open();
        assert!(!gate.is_overrun() && gate.is_open());
    }
}
