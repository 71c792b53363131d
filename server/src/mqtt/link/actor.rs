//! The task that polls the connection: the only one that touches the crate's event loop.

use std::time::Duration;

use domain::time::Timestamp;
use rumqttc::Outgoing;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Packet, SubAck, SubscribeReasonCode};
use rumqttc::v5::{ConnectionError, Event, EventLoop, Request};

use super::backoff;
use super::gate::{Epoch, Gate};
use super::inbound::Inbound;
use super::options::subscriptions;
use super::trouble::Trouble;
use crate::clock::Clock;
use crate::mqtt::counters::{self, Via};
use crate::mqtt::health::Report;

/// Keeps the connection.
pub(super) struct Actor {
    pub(super) gate: Gate,
    pub(super) inbound: Inbound,
    pub(super) report: Report,
    pub(super) clock: Clock,
    /// The connection that stands, or stood last.
    pub(super) epoch: Option<Epoch>,
    /// Since when readings can come in.
    pub(super) ready_since: Option<Timestamp>,
    /// Attempts in a row that came to nothing, or soon broke again.
    pub(super) failures: u32,
}

/// A connection that stood this long, ms, was a good one: the next attempt is the first of a new row.
const STABLE_MS: i64 = 30_000;

impl Actor {
    /// Polls for ever. Stop it by dropping: what has not been acknowledged comes again.
    pub(super) async fn run(mut self, mut connection: EventLoop) {
        loop {
            match connection.poll().await {
                Ok(Event::Incoming(packet)) => self.received(packet).await,
                Ok(Event::Outgoing(Outgoing::Publish(_))) => self.gate.left(),
                Ok(Event::Outgoing(_)) => {}
                Err(error) => {
                    let wait = self.lost(&mut connection, &error);
                    tokio::time::sleep(wait).await;
                }
            }
            if self.gate.is_overrun() {
                self.start_over(&mut connection);
            }
        }
    }

    async fn received(&mut self, packet: Packet) {
        match packet {
            Packet::ConnAck(answer) => self.connected(answer.session_present),
            Packet::SubAck(answer) => self.subscribed(&answer),
            Packet::Publish(message) => {
                if let Some(epoch) = self.epoch {
                    self.inbound.take(epoch, message).await;
                }
            }
            _ => {}
        }
    }

    fn connected(&mut self, resumed: bool) {
        counters::connected(Via::Link);
        tracing::info!(resumed, "connected to the MQTT broker");
        self.epoch = Some(self.gate.open());
        // Also on a resumed session: the broker may have lost the subscriptions or been given new rules.
        if !self.gate.subscribe(subscriptions()) {
            tracing::error!("no room for the subscriptions in the queue of the MQTT client");
        }
    }

    /// Only now can readings come in: a broker accepts a connection and may still refuse what we want to hear.
    fn subscribed(&mut self, answer: &SubAck) {
        let granted = |code: &SubscribeReasonCode| matches!(code, SubscribeReasonCode::Success(_));
        if answer.return_codes.iter().all(granted) {
            let now = self.clock.now();
            self.ready_since = Some(now);
            self.report.up(now);
        } else {
            let codes = &answer.return_codes;
            tracing::error!(
                ?codes,
                "the MQTT broker refused a subscription: give the server's account the right to it"
            );
            self.report
                .down(self.clock.now(), format!("subscription refused: {codes:?}"));
        }
    }

    /// Hangs up on a broker that sends more than it may, and connects again at once.
    fn start_over(&self, connection: &mut EventLoop) {
        counters::link_lost("overrun");
        tracing::warn!(
            "the MQTT broker sent more than can be acknowledged: connecting anew, it will send the rest again"
        );
        self.gate.shut();
        tidy(connection);
    }

    /// Shuts the gate, tidies up after the crate, and says how long to wait.
    fn lost(&mut self, connection: &mut EventLoop, error: &ConnectionError) -> Duration {
        let trouble = Trouble::of(error, self.gate.is_open());
        self.gate.shut();
        tidy(connection);
        let now = self.clock.now();
        if self
            .ready_since
            .take()
            .is_some_and(|since| now.since(since) >= STABLE_MS)
        {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        let wait = backoff::delay(self.failures, trouble, rand::random());
        counters::link_lost(trouble.name());
        tracing::warn!(%error, cause = trouble.name(), wait_ms = wait.as_millis(), "no connection to the MQTT broker");
        self.report.down(now, error.to_string());
        wait
    }
}

/// Empties the queue of what belongs to the connection that is gone: acknowledgements (the crate does it), messages at
/// `QoS` 0 that would come late, and a collision of packet ids, which the crate forgets to clear and then waits for.
fn tidy(connection: &mut EventLoop) {
    connection.clean();
    connection.state.collision = None;
    connection.pending.retain(|request| match request {
        Request::Publish(message) => message.qos != QoS::AtMostOnce,
        Request::Subscribe(_) => false,
        _ => true,
    });
}
