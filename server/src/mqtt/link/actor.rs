//! The task that keeps the connection: connects, reads and writes at the same time, and begins again.
//!
//! A server that is alone just hangs up when it stops: the broker queues for it until it is back. One of several first
//! leaves its share to the others, because a broker goes on queueing for an instance that is away.

use std::convert::Infallible;
use std::time::Duration;

use bytes::BytesMut;
use domain::time::Timestamp;
use rumqttc::v5::mqttbytes::v5::{Packet, PingReq, SubAck, SubscribeReasonCode};
use tokio::time::{interval, timeout};
use tokio_util::sync::CancellationToken;

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

/// How long to wait for the broker's last word; less than the doors have to close.
const LEAVING: Duration = Duration::from_millis(800);

impl Actor {
    /// Runs until `stop`. What has not been acknowledged then comes again.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let Err(error) = self.stand(&stop).await;
            let wait = self.lost(&error);
            stop.run_until_cancelled(tokio::time::sleep(wait)).await;
        }
    }

    /// One connection, from the greeting to whatever ends it.
    async fn stand(&mut self, stop: &CancellationToken) -> Result<Infallible, WireError> {
        let connecting = stop.run_until_cancelled(wire::connect(&self.options));
        let (welcome, reader, writer) = connecting.await.unwrap_or(Err(WireError::Stopped))?;
        counters::connected(Via::Link);
        tracing::info!(resumed = welcome.resumed, "connected to the MQTT broker");
        let epoch = self.gate.open(welcome);
        let gate = self.gate.clone();
        let several = self.options.is_one_of_several;
        // Both at once: while a full intake keeps us from reading, acknowledgements and pings must leave.
        tokio::select! {
            end = self.read(epoch, reader) => end,
            end = write(&gate, welcome, writer) => end,
            () = leave(&gate, stop, several) => Err(WireError::Stopped),
        }
    }

    async fn read(&mut self, epoch: Epoch, mut reader: Reader) -> Result<Infallible, WireError> {
        loop {
            self.gate.room().await;
            match reader.next().await? {
                Packet::Publish(message) => self.inbound.take(epoch, message).await,
                Packet::PubAck(answer) => self.gate.landed(answer.pkid),
                Packet::SubAck(answer) => self.subscribed(&answer),
                Packet::UnsubAck(_) => self.gate.left(),
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
        if matches!(error, WireError::Stopped) {
            return Duration::ZERO;
        }
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

/// Waits until it is time to stop, and one of `several` until its share is the others'.
async fn leave(gate: &Gate, stop: &CancellationToken, several: bool) {
    stop.cancelled().await;
    if several && timeout(LEAVING, gate.leave()).await.is_err() {
        tracing::warn!("the MQTT broker did not answer in time: it queues our share until we are back");
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
