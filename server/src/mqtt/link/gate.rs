//! What is to leave by the connection, and when: acknowledgements only for the connection their message came by, our
//! own messages only so many at a time.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Packet, PubAck, Publish, PublishProperties, Subscribe, Unsubscribe};
use tokio::sync::Notify;

use super::air::{self, Air};
use super::options::{shared_filters, subscriptions};
use super::wire::Welcome;
use crate::mqtt::publisher::{Outlet, PublishError, PublishOptions};

/// Messages of ours that may wait to be sent.
const WAITING: usize = 4_096;
/// Our own unacknowledged messages at `QoS` 1 (commands).
const IN_THE_AIR: u16 = 256;
/// Acknowledgements that may wait to be sent before we stop listening. A broker ought to stop by itself at our receive
/// maximum, below this; Mosquitto 2.0 does not when it has a backlog for us, and sends two messages for each that we
/// acknowledge.
const ACKNOWLEDGEMENTS: usize = 4_096;
/// Which connection, counted from the start of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Epoch(u64);

#[derive(Debug)]
struct State {
    epoch: Epoch,
    /// The connection that stands, if one does.
    open: Option<Welcome>,
    /// Packet ids to acknowledge.
    acknowledgements: Vec<u16>,
    /// To be sent before anything else of ours: the subscriptions, and what an earlier connection lost.
    first: Vec<Packet>,
    waiting: VecDeque<Publish>,
    air: Air,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// There is something to send.
    work: Notify,
    /// Acknowledgements have left.
    room: Notify,
    /// The broker gives our share to the other instances.
    left: Notify,
}

/// Shared by those that send and the two that read and write.
#[derive(Clone, Debug)]
pub(super) struct Gate(Arc<Shared>);

impl Gate {
    /// A gate that is still shut.
    pub(super) fn new() -> Self {
        let state = State {
            epoch: Epoch(0),
            open: None,
            acknowledgements: Vec::new(),
            first: Vec::new(),
            waiting: VecDeque::new(),
            air: Air::default(),
        };
        Self(Arc::new(Shared {
            state: Mutex::new(state),
            work: Notify::new(),
            room: Notify::new(),
            left: Notify::new(),
        }))
    }

    /// A connection stands. Asks for what we want to hear, also on a resumed session: the broker may have lost the
    /// subscriptions or been given new rules.
    pub(super) fn open(&self, welcome: Welcome) -> Epoch {
        let mut state = self.state();
        state.epoch.0 += 1;
        state.open = Some(welcome);
        state.acknowledgements.clear();
        let subscribe = Subscribe {
            pkid: air::RESERVED,
            filters: subscriptions().into(),
            properties: None,
        };
        state.first = vec![Packet::Subscribe(subscribe)];
        let again = state.air.again(welcome.resumed);
        state.first.extend(again.into_iter().map(Packet::Publish));
        self.0.work.notify_one();
        state.epoch
    }

    /// The connection is gone: from now on nothing is taken. What was to be sent at most once would come late, and is
    /// dropped; a message to be sent at least once waits for the next connection.
    pub(super) fn shut(&self) {
        let mut state = self.state();
        state.open = None;
        state.acknowledgements.clear();
        state.waiting.retain(|message| message.qos != QoS::AtMostOnce);
        self.0.room.notify_one();
    }

    /// Leaves our share of the readings to the other instances, and waits until the broker has said so: everything it
    /// had sent us before has come by then.
    pub(super) async fn leave(&self) {
        let unsubscribe = Unsubscribe {
            pkid: air::RESERVED,
            filters: shared_filters().into(),
            properties: None,
        };
        self.state().first.push(Packet::Unsubscribe(unsubscribe));
        self.0.work.notify_one();
        self.0.left.notified().await;
    }

    /// The broker has said so.
    pub(super) fn left(&self) {
        self.0.left.notify_one();
    }

    /// Whether a connection stands.
    pub(super) fn is_open(&self) -> bool {
        self.state().open.is_some()
    }

    /// Acknowledges a message at `QoS` 1, if the connection it came by still stands.
    pub(super) fn confirm(&self, epoch: Epoch, packet_id: u16) {
        let mut state = self.state();
        if state.open.is_some() && state.epoch == epoch {
            state.acknowledgements.push(packet_id);
            self.0.work.notify_one();
        }
    }

    /// The broker has a message of ours.
    pub(super) fn landed(&self, packet_id: u16) {
        self.state().air.landed(packet_id);
        self.0.work.notify_one();
    }

    /// Waits until there is room for more acknowledgements. Whoever reads must ask before it takes a message.
    pub(super) async fn room(&self) {
        while self.state().acknowledgements.len() >= ACKNOWLEDGEMENTS {
            self.0.room.notified().await;
        }
    }

    /// Waits until there is something to send.
    pub(super) async fn work(&self) {
        self.0.work.notified().await;
    }

    /// Appends everything that may be sent now.
    pub(super) fn take(&self, bytes: &mut BytesMut) {
        let mut state = self.state();
        let Some(welcome) = state.open else { return };
        for packet_id in mem::take(&mut state.acknowledgements) {
            append(bytes, &Packet::PubAck(PubAck::new(packet_id, None)), welcome);
        }
        for packet in mem::take(&mut state.first) {
            append(bytes, &packet, welcome);
        }
        let limit = usize::from(IN_THE_AIR.min(welcome.receive_maximum));
        while let Some(mut message) = state.waiting.pop_front() {
            if message.qos == QoS::AtLeastOnce {
                if state.air.len() >= limit {
                    state.waiting.push_front(message);
                    break;
                }
                state.air.launch(&mut message);
            }
            let packet_id = message.pkid;
            if !append(bytes, &Packet::Publish(message), welcome) {
                state.air.landed(packet_id);
            }
        }
        self.0.room.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Encodes a packet; one that is too large for this broker is left out, or it would end the connection, again and again.
fn append(bytes: &mut BytesMut, packet: &Packet, welcome: Welcome) -> bool {
    let written = packet.write(bytes, welcome.max_packet_bytes);
    if let Err(error) = &written {
        tracing::error!(%error, "a message cannot be sent through this broker");
    }
    written.is_ok()
}

impl Outlet for Gate {
    fn try_publish(&self, topic: String, payload: Bytes, options: PublishOptions) -> Result<(), PublishError> {
        let mut state = self.state();
        if state.open.is_none() {
            return Err(PublishError::Offline);
        }
        if state.waiting.len() >= WAITING {
            return Err(PublishError::Busy);
        }
        let qos = if options.at_least_once {
            QoS::AtLeastOnce
        } else {
            QoS::AtMostOnce
        };
        let (response_topic, correlation) = options.answer_to(&topic).unzip();
        let properties = PublishProperties {
            message_expiry_interval: options.expiry_s,
            response_topic,
            correlation_data: correlation.map(Bytes::from),
            ..PublishProperties::default()
        };
        let mut message = Publish::new(topic, qos, payload, Some(properties));
        message.retain = options.retain;
        state.waiting.push_back(message);
        self.0.work.notify_one();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::mqtt::link::options::KEEP_ALIVE;

    const RESUMED: Welcome = Welcome {
        resumed: true,
        keep_alive: KEEP_ALIVE,
        receive_maximum: 20,
        max_packet_bytes: Some(10_000),
    };

    /// What the gate would send now.
    fn sent(gate: &Gate) -> Vec<Packet> {
        let mut bytes = BytesMut::new();
        gate.take(&mut bytes);
        let mut packets = Vec::new();
        while !bytes.is_empty() {
            packets.push(Packet::read(&mut bytes, None).unwrap());
        }
        packets
    }

    fn acknowledged(gate: &Gate) -> Vec<u16> {
        let packet_id = |packet: &Packet| match packet {
            Packet::PubAck(ack) => Some(ack.pkid),
            _ => None,
        };
        sent(gate).iter().filter_map(packet_id).collect()
    }

    fn published(gate: &Gate) -> Vec<(u16, bool)> {
        let message = |packet: &Packet| match packet {
            Packet::Publish(message) => Some((message.pkid, message.dup)),
            _ => None,
        };
        sent(gate).iter().filter_map(message).collect()
    }

    fn say(gate: &Gate, at_least_once: bool) -> Result<(), PublishError> {
        let options = PublishOptions {
            at_least_once,
            ..PublishOptions::default()
        };
        gate.try_publish("t".to_owned(), Bytes::from_static(b"x"), options)
    }

    #[test]
    fn an_acknowledgement_of_an_earlier_connection_is_dropped() {
        let gate = Gate::new();
        let first = gate.open(RESUMED);
        gate.confirm(first, 1);
        assert_eq!(acknowledged(&gate), [1]);
        gate.confirm(first, 2);
        gate.shut();
        gate.confirm(first, 3);
        let second = gate.open(RESUMED);
        gate.confirm(first, 4);
        gate.confirm(second, 5);
        assert_eq!(acknowledged(&gate), [5]);
    }

    #[test]
    fn the_first_thing_said_on_a_connection_is_what_we_want_to_hear() {
        let gate = Gate::new();
        assert_eq!(say(&gate, false), Err(PublishError::Offline));
        gate.open(RESUMED);
        say(&gate, false).unwrap();
        let packets = sent(&gate);
        assert!(matches!(packets[0], Packet::Subscribe(_)), "{packets:?}");
        assert!(matches!(packets[1], Packet::Publish(_)), "{packets:?}");
    }

    #[test]
    fn no_more_is_in_the_air_than_the_broker_allows() {
        let gate = Gate::new();
        gate.open(RESUMED);
        for _ in 0..30 {
            say(&gate, true).unwrap();
        }
        assert_eq!(published(&gate).len(), 20);
        assert_eq!(published(&gate).len(), 0);
        gate.landed(3);
        assert_eq!(published(&gate).len(), 1);
    }

    #[test]
    fn a_message_at_least_once_outlives_its_connection_and_one_at_most_once_does_not() {
        let gate = Gate::new();
        gate.open(RESUMED);
        say(&gate, true).unwrap();
        assert_eq!(published(&gate), [(1, false)]);
        say(&gate, true).unwrap();
        say(&gate, false).unwrap();
        gate.shut();
        gate.open(RESUMED);
        assert_eq!(published(&gate), [(1, true), (2, false)]);
    }

    #[test]
    fn a_message_too_large_for_the_broker_is_left_out_and_blocks_nothing() {
        let gate = Gate::new();
        gate.open(RESUMED);
        let large = Bytes::from(vec![0; 20_000]);
        let options = PublishOptions {
            at_least_once: true,
            ..PublishOptions::default()
        };
        for _ in 0..40 {
            gate.try_publish("t".to_owned(), large.clone(), options).unwrap();
        }
        say(&gate, true).unwrap();
        assert_eq!(published(&gate).len(), 1);
    }

    #[test]
    fn too_many_messages_are_refused_and_not_hoarded() {
        let gate = Gate::new();
        gate.open(RESUMED);
        for _ in 0..WAITING {
            say(&gate, false).unwrap();
        }
        assert_eq!(say(&gate, false), Err(PublishError::Busy));
    }

    #[tokio::test]
    async fn whoever_reads_waits_until_acknowledgements_have_left() {
        let gate = Gate::new();
        let epoch = gate.open(RESUMED);
        gate.room().await;
        for packet_id in (1..=u16::MAX).take(ACKNOWLEDGEMENTS) {
            gate.confirm(epoch, packet_id);
        }
        assert!(gate.room().now_or_never().is_none());
        let (reader, left) = tokio::join!(gate.room().map(|()| true), async { acknowledged(&gate).len() });
        assert!(reader);
        assert_eq!(left, ACKNOWLEDGEMENTS);
    }
}
