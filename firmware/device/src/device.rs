//! The device itself: everything that happens to it is a method, everything it wants is `poll`.

use alloc::string::String;
use alloc::vec::Vec;

use domain::time::Timestamp;
use domain::wire::status::{self, Status};
use domain::wire::telemetry::{MAX_ITEMS, Sample, SampleId, encode};
use domain::wire::topic::{Leaf, Topic};
use domain::wire::{MAX_PAYLOAD_BYTES, Malformed, ack};

use crate::backoff::{Backoff, Cause};
use crate::commands::{Action, Desk, Incoming};
use crate::config::Config;
use crate::flights::{Flights, Kind};
use crate::kept::{Kept, State};
use crate::outgoing::Outgoing;
use crate::reading::Reading;
use crate::ring::Ring;
use crate::uptime::Uptime;

/// A clock that is behind the newest reading by less than this did not go back: readings come faster than it ticks.
const BURST_MS: i64 = 1_000;

/// A device between two starts.
#[derive(Debug)]
pub struct Device {
    config: Config,
    /// How often it has started: with the reading's number, its name for ever.
    boot: u64,
    ring: Ring,
    flights: Flights,
    desk: Desk,
    backoff: Backoff,
    connected_since: Option<Uptime>,
    status_due: bool,
    newest_at: Option<Timestamp>,
    overwritten: u64,
}

impl Device {
    /// A device that has just started for the `boot`-th time.
    pub fn new(config: Config, boot: u64) -> Self {
        Self {
            ring: Ring::new(config.capacity),
            flights: Flights::new(config.live_in_flight, config.backfill_in_flight, config.resend_after_ms),
            desk: Desk::default(),
            backoff: Backoff::default(),
            connected_since: None,
            status_due: false,
            newest_at: None,
            overwritten: 0,
            config,
            boot,
        }
    }

    /// Keeps a reading, taken now, and returns its number; `at` is the calendar's time if known.
    pub fn on_sample(&mut self, now: Uptime, at: Option<Timestamp>, reading: Reading) -> u64 {
        let at = at.map(|at| self.distinct(at));
        self.newest_at = at.or(self.newest_at);
        let kept = Kept::new(now, at, reading);
        self.desk.measured(&reading, &kept);
        if let Some(lost) = self.ring.push(kept) {
            self.overwritten += 1;
            self.land(lost.state);
        }
        self.ring.seqs().end - 1
    }

    /// The calendar became known: readings that wait without a time get theirs.
    pub fn on_clock(&mut self, now: Uptime, wall: Timestamp) {
        for kept in self.ring.iter_mut() {
            kept.learn_calendar(now, wall);
        }
    }

    /// The broker accepted the connection and the subscriptions are made.
    pub fn on_connected(&mut self, now: Uptime) {
        self.connected_since = Some(now);
        self.status_due = true;
    }

    /// There is no connection (any more). Returns how long to wait before the next attempt, ms;
    /// `random` is any number, evenly distributed.
    pub fn on_disconnected(&mut self, now: Uptime, cause: Cause, random: u32) -> u64 {
        self.flights.clear();
        self.ring.requeue(None);
        let connected_since = self.connected_since.take();
        self.backoff.delay_ms(cause, connected_since, now, random)
    }

    /// The server has readings: forgets them, and returns how many of them were still kept.
    pub fn on_ack(&mut self, payload: &[u8]) -> Result<usize, Malformed> {
        let ack = ack::decode(payload)?;
        if ack.boot != self.boot {
            return Ok(0);
        }
        let mut forgotten = 0;
        for (first, last) in ack.stored {
            let kept = self.ring.seqs();
            for seq in first.max(kept.start)..last.saturating_add(1).min(kept.end) {
                let before = self.ring.set_state(seq, State::Stored).unwrap_or(State::Stored);
                forgotten += usize::from(before != State::Stored);
                self.land(before);
            }
        }
        self.ring.forget_stored();
        Ok(forgotten)
    }

    /// A command came in; the reply is sent by `poll`, the rest is the board's to do.
    pub fn on_command(&mut self, now: Uptime, incoming: Incoming<'_>) -> Option<Action> {
        let action = self.desk.receive(now, incoming);
        if let Some(Action::SetInterval(interval_s)) = action {
            self.config.interval_s = interval_s;
            self.status_due = true;
        }
        action
    }

    /// The next message to publish; call it until it yields nothing.
    pub fn poll(&mut self, now: Uptime) -> Option<Outgoing> {
        self.connected_since?;
        if core::mem::take(&mut self.status_due) {
            return Some(self.status(&self.birth()));
        }
        if let Some((reply, correlation)) = self.desk.next_reply(now) {
            let payload = reply.encode();
            return Some(Outgoing {
                correlation,
                ..self.outgoing(Leaf::Reply, payload)
            });
        }
        while let Some(flight) = self.flights.give_up(now) {
            self.ring.requeue(Some(flight));
        }
        self.next_live(now).or_else(|| self.next_backfill(now))
    }

    /// When `poll` may have something to say although nothing else happened.
    pub fn next_wake(&self) -> Option<Uptime> {
        self.connected_since?;
        self.flights
            .next_deadline()
            .into_iter()
            .chain(self.desk.next_deadline())
            .min()
    }

    /// What the broker says when the connection breaks.
    pub fn will(&self) -> Outgoing {
        self.status(&Status::offline())
    }

    /// Seconds between two readings.
    pub const fn interval_s(&self) -> u32 {
        self.config.interval_s
    }

    /// Readings the server is not known to have.
    pub fn unstored(&self) -> usize {
        self.ring.unstored()
    }

    /// Readings that were overwritten before the server had them.
    pub const fn overwritten(&self) -> u64 {
        self.overwritten
    }

    /// Two readings of one millisecond would be one and the same to the server: a burst is spread out.
    fn distinct(&self, at: Timestamp) -> Timestamp {
        let crowded = |newest: &Timestamp| (0..BURST_MS).contains(&newest.since(at));
        self.newest_at
            .filter(crowded)
            .map_or(at, |newest| newest.plus_millis(1))
    }

    fn next_live(&mut self, now: Uptime) -> Option<Outgoing> {
        let seq = self.ring.fresh_newest()?;
        let flight = self.flights.free(Kind::Live)?;
        let samples = self.samples(&[seq]);
        Some(self.launch(now, flight, &[seq], encode(&samples)))
    }

    /// The newest waiting readings: what is nearest to now is worth most.
    fn next_backfill(&mut self, now: Uptime) -> Option<Outgoing> {
        if self.ring.waiting() == 0 {
            return None;
        }
        let flight = self.flights.free(Kind::Backfill)?;
        let mut seqs = self.ring.newest_waiting(self.config.batch.clamp(1, MAX_ITEMS));
        let payload = loop {
            let payload = encode(&self.samples(&seqs));
            if payload.len() <= MAX_PAYLOAD_BYTES {
                break payload;
            }
            seqs.truncate(seqs.len() / 2);
        };
        Some(self.launch(now, flight, &seqs, payload))
    }

    /// Samples in order of time: that is how the server files them fastest.
    fn samples(&self, newest_first: &[u64]) -> Vec<Sample> {
        let sample = |seq: &u64| {
            let id = SampleId {
                boot: self.boot,
                seq: *seq,
            };
            Some(self.ring.get(*seq)?.sample(id))
        };
        newest_first.iter().rev().filter_map(sample).collect()
    }

    fn launch(&mut self, now: Uptime, flight: u8, seqs: &[u64], payload: String) -> Outgoing {
        for seq in seqs {
            self.ring.set_state(*seq, State::InFlight(flight));
        }
        self.flights.launch(flight, now, seqs.len());
        self.outgoing(Leaf::Telemetry, payload)
    }

    /// A reading leaves its flight, if it is in one.
    fn land(&mut self, before: State) {
        if let State::InFlight(flight) = before {
            self.flights.one_landed(flight);
        }
    }

    fn birth(&self) -> Status {
        Status {
            online: true,
            boot: Some(self.boot),
            fw: Some(self.config.fw.clone()),
            interval_s: Some(self.config.interval_s),
        }
    }

    fn status(&self, status: &Status) -> Outgoing {
        Outgoing {
            retain: true,
            ..self.outgoing(Leaf::Status, status::encode(status))
        }
    }

    fn outgoing(&self, leaf: Leaf<'static>, payload: String) -> Outgoing {
        let topic = Topic::new(self.config.serial, leaf);
        Outgoing {
            topic,
            payload,
            retain: false,
            correlation: None,
        }
    }
}
