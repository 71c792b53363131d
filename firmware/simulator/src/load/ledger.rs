//! What became of each reading of one connection.

use std::collections::VecDeque;

use domain::wire::ack::Ack;

/// One reading between its first sending and its last acknowledgement.
#[derive(Clone, Copy, Debug)]
struct Shot {
    at: i64,
    due_us: u64,
    sent_us: u64,
    place: Place,
    pubacked: bool,
    stored: bool,
}

/// Where a reading is while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It has its PUBACK, or lost the connection it had.
    Resting,
    /// In the queue of readings to send again.
    Queued,
    /// Under a packet id that waits for its PUBACK.
    InFlight,
}

/// A reading that was just acknowledged for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its number.
    pub seq: u64,
    /// Its time, Unix ms.
    pub at: i64,
    /// Since it was due, µs.
    pub latency_us: u64,
}

/// The readings that are not done with yet.
#[derive(Debug)]
pub struct Ledger {
    boot: u64,
    first_seq: u64,
    shots: VecDeque<Shot>,
    /// Readings to send again, oldest first.
    again: VecDeque<u64>,
    /// Packet id − 1 → the reading sent under it.
    by_pkid: Vec<Option<u64>>,
    free: Vec<u16>,
    puback_only: bool,
}

impl Ledger {
    /// An empty ledger of the device's `boot`-th start.
    pub fn new(boot: u64, window: u16, puback_only: bool) -> Self {
        let mut ledger = Self {
            boot,
            first_seq: 0,
            shots: VecDeque::new(),
            again: VecDeque::new(),
            by_pkid: Vec::new(),
            free: Vec::new(),
            puback_only,
        };
        ledger.reconnect(window);
        ledger
    }

    /// A new connection on which `window` readings may fly: everything that is not done has to be sent again.
    pub fn reconnect(&mut self, window: u16) {
        self.by_pkid = vec![None; usize::from(window)];
        self.free = (1..=window).rev().collect();
        self.again.clear();
        for (seq, shot) in (self.first_seq..).zip(&mut self.shots) {
            shot.place = Place::Resting;
            if !shot.is_done(self.puback_only) {
                shot.place = Place::Queued;
                self.again.push_back(seq);
            }
        }
        self.forget_done();
    }

    /// Whether another reading may be sent.
    pub const fn has_room(&self) -> bool {
        !self.free.is_empty()
    }

    /// Whether nothing is left to wait for.
    pub fn is_empty(&self) -> bool {
        self.shots.is_empty()
    }

    /// Whether the broker has acknowledged everything.
    pub fn is_all_pubacked(&self) -> bool {
        self.shots.iter().all(|shot| shot.pubacked)
    }

    /// Enters a new reading, sent now, and returns its number and packet id; there must be room.
    pub fn fire(&mut self, at: i64, due_us: u64, now_us: u64) -> (u64, u16) {
        let seq = self.first_seq + self.shots.len() as u64;
        self.shots.push_back(Shot {
            at,
            due_us,
            sent_us: now_us,
            place: Place::Resting,
            pubacked: false,
            stored: false,
        });
        (seq, self.launch(seq, now_us))
    }

    /// The next reading to send again, with its time and packet id, if there is one and room for it.
    pub fn fire_again(&mut self, now_us: u64) -> Option<(u64, i64, u16)> {
        while self.has_room() {
            let seq = self.again.pop_front()?;
            let puback_only = self.puback_only;
            let Some(shot) = self.shot(seq) else { continue };
            shot.place = Place::Resting;
            if !shot.is_done(puback_only) {
                let at = shot.at;
                return Some((seq, at, self.launch(seq, now_us)));
            }
        }
        None
    }

    /// A PUBACK came; `None` if it is for nothing, a refusal, or the reading's second one.
    pub fn on_puback(&mut self, pkid: u16, accepted: bool, now_us: u64) -> Option<Acknowledged> {
        let slot = self.by_pkid.get_mut(usize::from(pkid).checked_sub(1)?)?;
        let seq = slot.take()?;
        self.free.push(pkid);
        let puback_only = self.puback_only;
        let shot = self.shot(seq)?;
        shot.place = Place::Resting;
        let first = accepted && !shot.pubacked;
        // Without the server's word a refusal is the last one.
        shot.pubacked |= accepted || puback_only;
        let acknowledged = Acknowledged {
            seq,
            at: shot.at,
            latency_us: now_us.saturating_sub(shot.due_us),
        };
        self.forget_done();
        first.then_some(acknowledged)
    }

    /// The server's ack came; the readings it is the first one for.
    pub fn on_ack(&mut self, ack: &Ack, now_us: u64) -> Vec<Acknowledged> {
        let mut acknowledged = Vec::new();
        if ack.boot != self.boot {
            return acknowledged;
        }
        let end = self.first_seq + self.shots.len() as u64;
        for &(first, last) in &ack.stored {
            for seq in first.max(self.first_seq)..last.saturating_add(1).min(end) {
                if let Some(shot) = self.shot(seq)
                    && !shot.stored
                {
                    shot.stored = true;
                    let latency_us = now_us.saturating_sub(shot.due_us);
                    acknowledged.push(Acknowledged {
                        seq,
                        at: shot.at,
                        latency_us,
                    });
                }
            }
        }
        self.forget_done();
        acknowledged
    }

    /// Queues what was sent before `before_us` and has a PUBACK, but not the server's ack.
    pub fn requeue(&mut self, before_us: u64) {
        if self.puback_only {
            return;
        }
        for (seq, shot) in (self.first_seq..).zip(&mut self.shots) {
            if !shot.stored && shot.place == Place::Resting && shot.sent_us < before_us {
                shot.place = Place::Queued;
                self.again.push_back(seq);
            }
        }
    }

    fn launch(&mut self, seq: u64, now_us: u64) -> u16 {
        let pkid = self.free.pop().expect("the caller has looked for room");
        self.by_pkid[usize::from(pkid) - 1] = Some(seq);
        if let Some(shot) = self.shot(seq) {
            shot.place = Place::InFlight;
            shot.sent_us = now_us;
        }
        pkid
    }

    fn shot(&mut self, seq: u64) -> Option<&mut Shot> {
        self.shots
            .get_mut(usize::try_from(seq.checked_sub(self.first_seq)?).ok()?)
    }

    fn forget_done(&mut self) {
        while self
            .shots
            .front()
            .is_some_and(|shot| shot.place != Place::InFlight && shot.is_done(self.puback_only))
        {
            self.shots.pop_front();
            self.first_seq += 1;
        }
    }
}

impl Shot {
    const fn is_done(&self, puback_only: bool) -> bool {
        if puback_only { self.pubacked } else { self.stored }
    }
}

#[cfg(test)]
mod tests;
