//! The stretch of time a roll-up is about.

use crate::time::Timestamp;

/// One twelfth of a device's local day: `start` belongs to it, `end` to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// First moment of the slot.
    pub start: Timestamp,
    /// First moment after the slot.
    pub end: Timestamp,
}

impl Slot {
    /// Length in ms.
    pub const fn length_ms(self) -> i64 {
        self.end.since(self.start)
    }

    /// Whether `at` lies in the slot.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }
}

/// The longest one reading of a device that reports every `interval_s` seconds may stand for, ms.
pub const fn cap_ms(interval_s: u32) -> i64 {
    3 * 1_000 * interval_s as i64
}
