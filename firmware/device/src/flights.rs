//! Messages that wait for the server's ack: few at a time, and not for ever.

use alloc::vec::Vec;

use crate::uptime::Uptime;

/// What kind of message; each kind has a limit of its own, so that back-fill never delays now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Live,
    Backfill,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    sent_at: Uptime,
    /// Its readings that are neither stored nor overwritten.
    left: usize,
}

/// A table of flights; the index is the flight's id, live ones first.
#[derive(Debug)]
pub struct Flights {
    table: Vec<Option<Flight>>,
    live: usize,
    resend_after_ms: u64,
}

impl Flights {
    pub fn new(live: usize, backfill: usize, resend_after_ms: u64) -> Self {
        // Ids are bytes, and a device that may never send would keep everything for ever.
        let (live, backfill) = (live.clamp(1, 100), backfill.clamp(1, 100));
        Self {
            table: alloc::vec![None; live + backfill],
            live,
            resend_after_ms,
        }
    }

    /// A free id for a message of that kind.
    pub fn free(&self, kind: Kind) -> Option<u8> {
        let ids = match kind {
            Kind::Live => 0..self.live,
            Kind::Backfill => self.live..self.table.len(),
        };
        let free = ids.into_iter().find(|id| self.table[*id].is_none())?;
        u8::try_from(free).ok()
    }

    /// Notes that a message with `readings` readings was sent under a free id.
    pub fn launch(&mut self, id: u8, now: Uptime, readings: usize) {
        self.table[usize::from(id)] = Some(Flight {
            sent_at: now,
            left: readings,
        });
    }

    /// One reading of the flight is stored or overwritten; with the last one the id is free.
    pub fn one_landed(&mut self, id: u8) {
        let slot = &mut self.table[usize::from(id)];
        if let Some(flight) = slot {
            flight.left -= 1;
            if flight.left == 0 {
                *slot = None;
            }
        }
    }

    /// Gives up on one flight that waited too long, and returns its id.
    pub fn give_up(&mut self, now: Uptime) -> Option<u8> {
        let late = |flight: &Flight| now.since(flight.sent_at) >= self.resend_after_ms;
        let id = self.table.iter().position(|slot| slot.as_ref().is_some_and(late))?;
        self.table[id] = None;
        u8::try_from(id).ok()
    }

    /// Forgets all flights: the connection they were sent on is gone.
    pub fn clear(&mut self) {
        self.table.fill(None);
    }

    /// When the next flight will have waited too long.
    pub fn next_deadline(&self) -> Option<Uptime> {
        let flights = self.table.iter().flatten();
        flights
            .map(|flight| flight.sent_at.plus_millis(self.resend_after_ms))
            .min()
    }
}
