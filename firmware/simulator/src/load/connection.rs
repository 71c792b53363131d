//! One device of a load run: fires what is due, books what is acknowledged, comes back when the broker vanishes.

use anyhow::{Result, ensure};
use domain::time::Timestamp;
use domain::wire::ack;
use domain::wire::telemetry::{Body, Sample, SampleId, encode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::journal::{Journal, Kind, line};
use super::ledger::{Acknowledged, Ledger};
use super::plan::Plan;
use super::report::Tally;
use super::session::Session;
use super::wire::Event;
use crate::account::Account;
use crate::clock::Clock;

/// No more than this is written ahead of the socket, bytes.
const AHEAD_BYTES: usize = 64 * 1024;
/// How often a connection looks for readings whose ack was lost, µs.
const LOOK_AFTER_US: u64 = 500_000;
/// If no ack has come this long after the last reading, nobody sends any, µs.
const SILENCE_US: u64 = 3_000_000;
/// Longest wait before the next attempt to connect, ms: a load test wants its load back soon.
const LONGEST_RETRY_MS: u64 = 1_000;

/// What all connections of a run have in common.
#[derive(Clone)]
pub struct Setup {
    pub plan: Plan,
    pub protocol: u8,
    pub window: u16,
    pub puback_only: bool,
    pub resend_us: u64,
    pub drain_us: u64,
    pub clock: Clock,
    pub boot: u64,
    pub journal: Journal,
}

/// The moment everything is counted from.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    pub micros: u64,
    pub wall: Timestamp,
}

/// One device.
pub struct Connection {
    setup: Setup,
    account: Account,
    index: u64,
    start: Start,
    ledger: Ledger,
    tally: Tally,
    /// The next reading to fire for the first time; the plan knows it as `k`, the device as its `seq`.
    next: u64,
    /// The time of the reading before it, ms after the start.
    before_ms: Option<i64>,
    look_again_us: u64,
    /// Whether there is a server at all.
    has_server: bool,
}

impl Connection {
    /// The `index`-th device of a run.
    pub fn new(setup: Setup, account: Account, index: u64) -> Self {
        let ledger = Ledger::new(setup.boot, setup.window, setup.puback_only);
        let start = Start {
            micros: u64::MAX,
            wall: Timestamp::default(),
        };
        Self {
            setup,
            account,
            index,
            start,
            ledger,
            tally: Tally::default(),
            next: 0,
            before_ms: None,
            look_again_us: 0,
            has_server: false,
        }
    }

    /// Signs in, says so, waits for the start, and fires until everything is acknowledged or the time is up.
    pub async fn run(
        mut self,
        ready: mpsc::Sender<()>,
        mut started: watch::Receiver<Option<Start>>,
        stop: CancellationToken,
    ) -> Result<Tally> {
        let mut session = Some(self.sign_in().await?);
        ready.send(()).await?;
        drop(ready);
        tokio::select! {
            start = started.wait_for(Option::is_some) => self.start = (*start?).unwrap_or(self.start),
            () = stop.cancelled() => return Ok(self.tally),
        }
        let mut failures = 0_u32;
        while !self.is_over() && !stop.is_cancelled() {
            let flown = match session.take() {
                Some(mut session) => self.fly(&mut session, &stop).await,
                None => Ok(()),
            };
            if flown.is_ok() && (self.is_over() || stop.is_cancelled()) {
                break;
            }
            match self.sign_in().await {
                Ok(again) => {
                    self.tally.reconnects += 1;
                    failures = 0;
                    session = Some(again);
                }
                Err(error) => {
                    tracing::debug!(serial = %self.account.serial, %error, "no connection");
                    let ceiling_ms = LONGEST_RETRY_MS.min(25 << failures.min(10));
                    failures += 1;
                    let wait_us = rand::random_range(0..=ceiling_ms * 1000);
                    self.setup
                        .clock
                        .sleep_until_micros(Some(self.setup.clock.micros() + wait_us))
                        .await;
                }
            }
        }
        Ok(self.tally)
    }

    async fn sign_in(&self) -> Result<Session> {
        Session::sign_in(&self.account, self.setup.protocol, self.setup.window).await
    }

    /// One connection's life. An error means that it broke.
    async fn fly(&mut self, session: &mut Session, stop: &CancellationToken) -> Result<()> {
        self.ledger.reconnect(session.window);
        loop {
            let now_us = self.since_start();
            if now_us >= self.look_again_us {
                self.look_again_us = now_us + LOOK_AFTER_US;
                if self.has_server {
                    self.ledger.requeue(now_us.saturating_sub(self.setup.resend_us));
                }
            }
            self.fill(session)?;
            if self.is_over() {
                return Ok(());
            }
            let wake = self.start.micros.saturating_add(self.wake_us(session));
            tokio::select! {
                read = session.reader.read_buf(&mut session.input) => {
                    ensure!(read? > 0, "the broker hung up");
                    self.book(session).await?;
                }
                written = session.writer.write_buf(&mut session.out), if !session.out.is_empty() => {
                    written?;
                }
                () = self.setup.clock.sleep_until_micros(Some(wake)) => {}
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    /// Writes what is due, as far as the window and the buffer allow.
    fn fill(&mut self, session: &mut Session) -> Result<()> {
        let now_us = self.since_start();
        while session.out.len() < AHEAD_BYTES && self.ledger.has_room() {
            let (seq, at, pkid) = if let Some(again) = self.ledger.fire_again(now_us) {
                self.tally.resent += 1;
                again
            } else if let Some(due_us) = self.next_due_us(now_us).filter(|due_us| *due_us <= now_us) {
                let at_ms = self.setup.plan.at_ms(self.index, self.next, due_us, self.before_ms);
                let at = self.start.wall.plus_millis(at_ms).as_millis();
                let (seq, pkid) = self.ledger.fire(at, due_us, now_us);
                self.before_ms = Some(at_ms);
                self.next += 1;
                self.tally.sent += 1;
                self.tally.slips.push(micros(now_us - due_us));
                (seq, at, pkid)
            } else {
                break;
            };
            let sample = Sample {
                id: Some(SampleId {
                    boot: self.setup.boot,
                    seq,
                }),
                at: Some(Timestamp::from_millis(at)),
                body: Body::Measured(Plan::values(self.index, seq)),
                light: None,
                rssi: None,
                bat: None,
            };
            session.wire.publish(pkid, encode(&[sample]).into(), &mut session.out)?;
        }
        Ok(())
    }

    /// Books everything that came in.
    async fn book(&mut self, session: &mut Session) -> Result<()> {
        let now_us = self.since_start();
        let mut booked: Vec<(Kind, Acknowledged)> = Vec::new();
        while let Some(event) = session.wire.read(&mut session.input)? {
            match event {
                Event::PubAck { pkid, accepted } => {
                    self.tally.refused += u64::from(!accepted);
                    if let Some(one) = self.ledger.on_puback(pkid, accepted, now_us) {
                        self.tally.acked += 1;
                        self.tally.last_us = now_us;
                        self.tally.acks.push(micros(one.latency_us));
                        booked.push((Kind::PubAck, one));
                    }
                }
                Event::Message(payload) => {
                    self.has_server = true;
                    for one in self.ledger.on_ack(&ack::decode(&payload)?, now_us) {
                        self.tally.stored += 1;
                        self.tally.stores.push(micros(one.latency_us));
                        booked.push((Kind::Ack, one));
                    }
                }
                Event::Connected { .. } | Event::Other => {}
            }
        }
        if !booked.is_empty() {
            self.write_down(&booked).await;
        }
        Ok(())
    }

    async fn write_down(&self, booked: &[(Kind, Acknowledged)]) {
        if self.setup.journal.is_open() {
            let now = self.setup.clock.wall();
            let mut lines = String::with_capacity(64 * booked.len());
            for (kind, one) in booked {
                line(&mut lines, *kind, self.account.serial, self.setup.boot, *one, now);
            }
            self.setup.journal.write(lines).await;
        }
    }

    /// Whether everything is done, or there is no time left to wait for it.
    fn is_over(&self) -> bool {
        let now_us = self.since_start();
        if self.next_due_us(now_us).is_some() {
            return false;
        }
        let end_us = self.setup.plan.end_micros();
        // Acks are gathered for a second before they are sent.
        let no_server = !self.has_server && now_us >= end_us + SILENCE_US && self.ledger.is_all_pubacked();
        self.ledger.is_empty() || no_server || now_us >= end_us + self.setup.drain_us
    }

    /// When there is something to do although nothing came in, µs after the start.
    fn wake_us(&self, session: &Session) -> u64 {
        let now_us = self.since_start();
        let may_fire = self.ledger.has_room() && session.out.len() < AHEAD_BYTES;
        let fire = if may_fire { self.next_due_us(now_us) } else { None };
        let over = self.setup.plan.end_micros() + self.setup.drain_us;
        self.look_again_us.min(over).min(fire.unwrap_or(u64::MAX))
    }

    fn next_due_us(&self, now_us: u64) -> Option<u64> {
        self.setup.plan.due_micros(self.index, self.next, now_us)
    }

    fn since_start(&self) -> u64 {
        self.setup.clock.micros().saturating_sub(self.start.micros)
    }
}

fn micros(us: u64) -> u32 {
    u32::try_from(us).unwrap_or(u32::MAX)
}
