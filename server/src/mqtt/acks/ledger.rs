//! What one device is still to be told.

use domain::wire::ack::{self, Ack};
use domain::wire::telemetry::SampleId;

/// The most ranges in one message: it must fit a small device's buffer.
const RANGES_PER_MESSAGE: usize = 32;
/// The most sequence numbers remembered for one device; what does not fit will be sent and acknowledged again.
const REMEMBERED: usize = 8_192;

/// Stored readings of one device that have not been acknowledged yet.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// In the order they were stored: mostly ascending, repeats allowed.
    stored: Vec<SampleId>,
}

impl Ledger {
    /// Notes a stored reading.
    pub(super) fn note(&mut self, id: SampleId) {
        if self.stored.len() < REMEMBERED {
            self.stored.push(id);
        }
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// The next message: one start of the device, at most [`RANGES_PER_MESSAGE`] ranges.
    pub(super) fn next(&mut self) -> Option<Ack> {
        self.stored.sort_unstable_by_key(|id| (id.boot, id.seq));
        let boot = self.stored.first()?.boot;
        let same_boot = self.stored.iter().take_while(|id| id.boot == boot);
        let mut stored = ack::ranges(same_boot.map(|id| id.seq));
        stored.truncate(RANGES_PER_MESSAGE);
        Some(Ack { boot, stored })
    }

    /// Forgets what `sent` says.
    pub(super) fn forget(&mut self, sent: &Ack) {
        self.stored.retain(|id| id.boot != sent.boot || !sent.covers(id.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(ids: impl IntoIterator<Item = (u64, u64)>) -> Ledger {
        let mut ledger = Ledger::default();
        for (boot, seq) in ids {
            ledger.note(SampleId { boot, seq });
        }
        ledger
    }

    #[test]
    fn out_of_order_and_repeated_readings_become_ranges() {
        let mut ledger = ledger([(12, 3), (12, 1), (12, 2), (12, 2), (12, 7)]);
        assert_eq!(
            ledger.next(),
            Some(Ack {
                boot: 12,
                stored: vec![(1, 3), (7, 7)]
            })
        );
    }

    #[test]
    fn two_starts_of_a_device_take_two_messages() {
        let mut ledger = ledger([(2, 1), (1, 9), (2, 2)]);
        let first = ledger.next().unwrap();
        assert_eq!(
            first,
            Ack {
                boot: 1,
                stored: vec![(9, 9)]
            }
        );
        ledger.forget(&first);
        let second = ledger.next().unwrap();
        assert_eq!(
            second,
            Ack {
                boot: 2,
                stored: vec![(1, 2)]
            }
        );
        ledger.forget(&second);
        assert!(ledger.is_empty() && ledger.next().is_none());
    }

    #[test]
    fn scattered_numbers_are_told_in_several_small_messages_and_none_is_lost() {
        let mut ledger = ledger((0..100).map(|n| (1, n * 2)));
        let mut told = Vec::new();
        while let Some(ack) = ledger.next() {
            assert!(ack.stored.len() <= RANGES_PER_MESSAGE);
            ledger.forget(&ack);
            told.extend(ack.stored);
        }
        assert_eq!(told, (0..100).map(|n| (n * 2, n * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn memory_for_one_device_is_bounded() {
        let ledger = ledger((0..10 * REMEMBERED as u64).map(|n| (1, n * 2)));
        assert_eq!(ledger.stored.len(), REMEMBERED);
    }
}
