//! What a device says, and when: its status, replies, now, and then what it could not say before.

use alloc::string::String;
use alloc::vec::Vec;

use domain::wire::MAX_PAYLOAD_BYTES;
use domain::wire::status::{self, Status};
use domain::wire::telemetry::{MAX_ITEMS, Sample, SampleId, encode};
use domain::wire::topic::{Leaf, Topic};

use super::Device;
use crate::flights::Kind;
use crate::kept::State;
use crate::memory::Memory;
use crate::outgoing::Outgoing;
use crate::uptime::Uptime;

/// A reading this old is history, ms: without a time it would be filed under the time of its arrival.
const LIVE_MS: u64 = 20_000;
/// For so many readings after connecting those without a time wait for somebody to tell it: by then the server has
/// acknowledged a fresh one, and its ack tells the time.
const CLOCK_WITHIN_READINGS: u64 = 60;

impl<M: Memory> Device<M> {
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
        let since = self.connected_since?;
        let clock = (!self.has_calendar).then(|| since.plus_millis(self.clock_within_ms()));
        let clock = clock.filter(|_| self.ring.waiting() > 0 && self.flights.free(Kind::Backfill).is_some());
        let deadlines = [self.flights.next_deadline(), self.desk.next_deadline(), clock];
        deadlines.into_iter().flatten().min()
    }

    /// What the broker says when the connection breaks.
    pub fn will(&self) -> Outgoing {
        self.status(&Status::offline())
    }

    fn next_live(&mut self, now: Uptime) -> Option<Outgoing> {
        let seq = self.ring.fresh_newest()?;
        let is_dated = self.ring.get(seq)?.is_dated();
        if !is_dated && self.waits_for_clock(now) && now.since(self.newest_taken) > LIVE_MS {
            return None;
        }
        let flight = self.flights.free(Kind::Live)?;
        Some(self.launch(now, flight, &[seq], encode(&self.samples(&[seq]))))
    }

    /// The newest waiting readings of one start: what is nearest to now is worth most.
    fn next_backfill(&mut self, now: Uptime) -> Option<Outgoing> {
        if self.ring.waiting() == 0 {
            return None;
        }
        let flight = self.flights.free(Kind::Backfill)?;
        let most = self.config.batch.clamp(1, MAX_ITEMS);
        let mut seqs = self.ring.newest_waiting(most, !self.waits_for_clock(now));
        let (_, first_of_start) = self.chapters.of(*seqs.first()?)?;
        seqs.retain(|seq| *seq >= first_of_start);
        let payload = loop {
            let payload = encode(&self.samples(&seqs));
            if payload.len() <= MAX_PAYLOAD_BYTES {
                break payload;
            }
            seqs.truncate(seqs.len() / 2);
        };
        Some(self.launch(now, flight, &seqs, payload))
    }

    /// Whether readings without a time had better wait: somebody may still tell it. A server that never does gets them
    /// without.
    fn waits_for_clock(&self, now: Uptime) -> bool {
        let patient = |since: Uptime| now.since(since) < self.clock_within_ms();
        !self.has_calendar && self.connected_since.is_some_and(patient)
    }

    fn clock_within_ms(&self) -> u64 {
        CLOCK_WITHIN_READINGS * u64::from(self.config.interval_s) * 1000
    }

    /// Samples in order of time: that is how the server files them fastest.
    fn samples(&self, newest_first: &[u64]) -> Vec<Sample> {
        let sample = |seq: &u64| {
            let (boot, _) = self.chapters.of(*seq)?;
            Some(self.ring.get(*seq)?.sample(SampleId { boot, seq: *seq }))
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
