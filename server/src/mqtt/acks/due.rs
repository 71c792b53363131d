//! Who may be told something, and when: at once after a quiet second, otherwise when the second is over.

use std::collections::{HashMap, VecDeque};

use domain::serial::Serial;
use domain::wire::ack::Ack;
use domain::wire::telemetry::SampleId;

use super::ledger::Ledger;

/// Ticks of the sender's timer in the second between two messages to one device.
const TICKS: u64 = 10;

/// Every device that has been told something in the last second, or waits to be told.
#[derive(Debug, Default)]
pub(super) struct Due {
    /// What each of them is still to be told.
    ledgers: HashMap<Serial, Ledger>,
    /// Devices that were quiet: their turn is now.
    fresh: Vec<Serial>,
    /// Devices told lately, by the tick of their next turn (ascending).
    waiting: VecDeque<(u64, Serial)>,
    /// Ticks so far.
    tick: u64,
}

impl Due {
    /// Notes a stored reading. `true` if the device's turn is now.
    pub(super) fn note(&mut self, serial: Serial, id: SampleId) -> bool {
        let mut fresh = false;
        let ledger = self.ledgers.entry(serial).or_insert_with(|| {
            fresh = true;
            Ledger::default()
        });
        ledger.note(id);
        if fresh {
            self.fresh.push(serial);
        }
        fresh
    }

    /// Whether nobody waits, so that no timer is needed.
    pub(super) fn is_idle(&self) -> bool {
        self.ledgers.is_empty()
    }

    /// A tenth of a second has passed: those whose second is over have their turn, or are forgotten if there is
    /// nothing to tell.
    pub(super) fn tick(&mut self) {
        self.tick += 1;
        while let Some(&(_, serial)) = self.waiting.front().filter(|(at, _)| *at <= self.tick) {
            self.waiting.pop_front();
            if self.ledgers.get(&serial).is_some_and(|ledger| !ledger.is_empty()) {
                self.fresh.push(serial);
            } else {
                self.ledgers.remove(&serial);
            }
        }
    }

    /// The messages of those whose turn is now.
    pub(super) fn take_turns(&mut self) -> Vec<(Serial, Ack)> {
        let mut messages = Vec::with_capacity(self.fresh.len());
        for serial in self.fresh.drain(..) {
            if let Some(ack) = self.ledgers.get_mut(&serial).and_then(Ledger::next) {
                messages.push((serial, ack));
            }
            self.waiting.push_back((self.tick + TICKS, serial));
        }
        messages
    }

    /// A message has left.
    pub(super) fn sent(&mut self, serial: Serial, ack: &Ack) {
        if let Some(ledger) = self.ledgers.get_mut(&serial) {
            ledger.forget(ack);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Serial {
        Serial::from_bits(1)
    }

    fn note(due: &mut Due, seqs: impl IntoIterator<Item = u64>) {
        for seq in seqs {
            due.note(device(), SampleId { boot: 1, seq });
        }
    }

    fn turns(due: &mut Due) -> Vec<Vec<(u64, u64)>> {
        let messages = due.take_turns();
        for (serial, ack) in &messages {
            due.sent(*serial, ack);
        }
        messages.into_iter().map(|(_, ack)| ack.stored).collect()
    }

    fn pass(due: &mut Due, ticks: u64) -> Vec<Vec<(u64, u64)>> {
        (0..ticks)
            .flat_map(|_| {
                due.tick();
                turns(due)
            })
            .collect()
    }

    #[test]
    fn the_first_leaves_at_once_and_the_rest_of_the_second_in_one_message() {
        let mut due = Due::default();
        note(&mut due, [1]);
        assert_eq!(turns(&mut due), [[(1, 1)]]);
        note(&mut due, 2..=9);
        assert!(turns(&mut due).is_empty());
        assert!(pass(&mut due, TICKS - 1).is_empty());
        assert_eq!(pass(&mut due, 1), [[(2, 9)]]);
    }

    #[test]
    fn a_device_that_fell_silent_is_forgotten_and_then_served_at_once_again() {
        let mut due = Due::default();
        note(&mut due, [1]);
        turns(&mut due);
        assert!(pass(&mut due, TICKS).is_empty());
        assert!(due.is_idle());
        note(&mut due, [2]);
        assert_eq!(turns(&mut due), [[(2, 2)]]);
    }

    #[test]
    fn what_could_not_be_sent_is_tried_again_a_second_later() {
        let mut due = Due::default();
        note(&mut due, [1]);
        assert_eq!(due.take_turns().len(), 1);
        assert_eq!(pass(&mut due, TICKS), [[(1, 1)]]);
    }
}
