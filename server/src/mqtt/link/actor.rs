//! The task that keeps the connection: connects, reads and writes at the same time, and begins again.

use std::convert::Infallible;
use std::time::Duration;

use bytes::BytesMut;
use domain::time::Timestamp;
use rumqttc::v5::mqttbytes::v5::{Packet, PingReq, SubAck, SubscribeReasonCode};
use tokio::time::interval;

use super::backoff;
use super::gate::{Epoch, Gate};
use super::inbound::Inbound;
use super::options::Options;
use super::trouble::Trouble;
use super::wire::{self, Reader, Welcome, WireError, Writer};
use crate::clock::Clock;
use crate::mqtt::counters::{self, Via};
use crate::mqtt::health::Report;

/// Keeps the connection.
pub(super) struct Actor {
    pub(super) options: Options,
    pub(super) gate: Gate,
    pub(super) inbound: Inbound,
    pub(super) report: Report,
    pub(super) clock: Clock,
    /// Since when readings can come in.
    pub(super) ready_since: Option<Timestamp>,
    /// Attempts in a row that came to nothing, or soon broke again.
    pub(super) failures: u32,
}

/// A connection that stood this long, ms, was a good one: the next attempt is the first of a new row.
const STABLE_MS: i64 = 30_000;

impl Actor {
    /// Runs for ever. Stop it by dropping: what has not been acknowledged comes again.
    pub(super) async fn run(mut self) {
        loop {
            let Err(error) = self.stand().await;
            let wait = self.lost(&error);
            tokio::time::sleep(wait).await;
        }
    }

    /// One connection, from the greeting to whatever ends it.
    async fn stand(&mut self) -> Result<Infallible, WireError> {
        let (welcome, reader, writer) = wire::connect(&self.options).await?;
        counters::connected(Via::Link);
        tracing::info!(resumed = welcome.resumed, "connected to the MQTT broker");
        let epoch = self.gate.open(welcome);
        let gate = self.gate.clone();
        // Both at once: while a full intake keeps us from reading, acknowledgements and pings must leave.
        tokio::select! {
            end = self.read(epoch, reader) => end,
            end = write(&gate, welcome, writer) => end,
        }
    }

    async fn read(&mut self, epoch: Epoch, mut reader: Reader) -> Result<Infallible, WireError> {
        loop {
            self.gate.room().await;
            match reader.next().await? {
                Packet::Publish(message) => self.inbound.take(epoch, message).await,
                Packet::PubAck(answer) => self.gate.landed(answer.pkid),
                Packet::SubAck(answer) => self.subscribed(&answer),
                Packet::PingResp(_) => {}
                _ => return Err(WireError::Packet("of a kind we did not ask for")),
            }
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

    /// Shuts the gate, and says how long to wait.
    fn lost(&mut self, error: &WireError) -> Duration {
        let trouble = Trouble::of(error, self.gate.is_open());
        self.gate.shut();
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

/// Sends what the gate gives, everything there is at once: a commit's acknowledgements leave in one piece. And a ping
/// now and then, so that a broker that is gone is noticed.
async fn write(gate: &Gate, welcome: Welcome, mut writer: Writer) -> Result<Infallible, WireError> {
    let mut pings = interval(welcome.keep_alive);
    let mut bytes = BytesMut::new();
    loop {
        tokio::select! {
            () = gate.work() => {}
            _ = pings.tick() => Packet::PingReq(PingReq).write(&mut bytes, None).map(drop)?,
        }
        gate.take(&mut bytes);
        writer.send(&mut bytes).await?;
    }
}
