//! A slot that still grows: appending in order costs a few additions, whatever it already holds.
//!
//! The last reading's weight is provisional until its successor is known. The tail keeps what is
//! needed to settle it, so that appending gives bit for bit the sum that a fold over all readings
//! gives: nothing is ever subtracted from a sum.

use super::{Aggregate, Rollup, Slot};
use crate::reading::Measured;
use crate::time::Timestamp;

/// A slot, its roll-up so far, and what the next reading needs to know.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenSlot {
    /// The stretch of time.
    pub slot: Slot,
    /// The longest one reading may stand for, ms.
    pub cap_ms: i64,
    /// The roll-up of all readings so far, the last one's provisional weight included.
    pub rollup: Rollup,
    /// The last reading; `None` as long as the slot is empty.
    pub tail: Option<Tail>,
}

/// The last reading of an open slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// When the last reading of any metric was taken.
    pub at: Timestamp,
    /// The last reading that carried a temperature.
    pub t: Option<Last>,
    /// The last reading that carried a humidity.
    pub h: Option<Last>,
}

/// The last reading of one metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Last {
    /// When it was taken.
    pub at: Timestamp,
    /// Its value.
    pub value: f64,
    /// Σ value · weight of all readings before it, in value·seconds.
    pub settled: f64,
}

/// A reading that does not follow the last one inside the slot: recompute from raw readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reading does not follow the last one inside the slot")]
pub struct OutOfOrder;

impl OpenSlot {
    /// A slot without readings.
    pub const fn empty(slot: Slot, cap_ms: i64) -> Self {
        let rollup = Rollup {
            n: 0,
            covered_ms: 0,
            t: None,
            h: None,
        };
        Self {
            slot,
            cap_ms,
            rollup,
            tail: None,
        }
    }

    /// Rolls up sound readings sorted by `at`; one outside of the slot, or not later than its
    /// predecessor, is passed over.
    pub fn from_readings(slot: Slot, cap_ms: i64, readings: impl IntoIterator<Item = (Timestamp, Measured)>) -> Self {
        let mut open = Self::empty(slot, cap_ms);
        for (at, m) in readings {
            // Passing over is what the doc comment promises.
            let _ = open.append(at, m);
        }
        open
    }

    /// Adds one sound reading; one that carries neither metric changes nothing.
    ///
    /// # Errors
    /// [`OutOfOrder`] if `at` is outside of the slot or not later than the last reading; the slot
    /// is unchanged then.
    pub fn append(&mut self, at: Timestamp, m: Measured) -> Result<(), OutOfOrder> {
        if m.t.is_none() && m.h.is_none() {
            return Ok(());
        }
        let follows = self.tail.is_none_or(|tail| tail.at < at);
        if !follows || !self.slot.contains(at) {
            return Err(OutOfOrder);
        }
        let mut tail = self.tail.unwrap_or(Tail { at, t: None, h: None });
        if self.tail.is_some() {
            self.rollup.covered_ms += self.settled_ms(tail.at, at) - self.provisional_ms(tail.at);
        }
        self.rollup.covered_ms += self.provisional_ms(at);
        self.rollup.n = self.rollup.n.saturating_add(1);
        tail.at = at;
        self.rollup.t = self.extend(self.rollup.t, &mut tail.t, at, m.t);
        self.rollup.h = self.extend(self.rollup.h, &mut tail.h, at, m.h);
        self.tail = Some(tail);
        Ok(())
    }

    /// One metric's aggregate with one more value.
    fn extend(
        &self,
        so_far: Option<Aggregate>,
        last: &mut Option<Last>,
        at: Timestamp,
        value: Option<f64>,
    ) -> Option<Aggregate> {
        let Some(value) = value else {
            return so_far;
        };
        let weight_ms = self.provisional_ms(at);
        let (settled, settled_ms) = match (so_far, *last) {
            (Some(sum), Some(last)) => {
                let real_ms = self.settled_ms(last.at, at);
                let before_ms = sum.weight_ms - self.provisional_ms(last.at);
                (last.settled + last.value * seconds(real_ms), before_ms + real_ms)
            }
            (Some(sum), None) => (sum.sum, sum.weight_ms),
            (None, _) => (0.0, 0),
        };
        *last = Some(Last { at, value, settled });
        Some(Aggregate {
            sum: settled + value * seconds(weight_ms),
            weight_ms: settled_ms + weight_ms,
            min: so_far.map_or(value, |sum| sum.min.min(value)),
            max: so_far.map_or(value, |sum| sum.max.max(value)),
        })
    }

    /// Weight of a reading without a successor.
    fn provisional_ms(&self, at: Timestamp) -> i64 {
        self.cap_ms.min(self.slot.end.since(at))
    }

    /// Weight of a reading whose successor was taken at `next`.
    fn settled_ms(&self, at: Timestamp, next: Timestamp) -> i64 {
        next.since(at).min(self.provisional_ms(at))
    }
}

#[expect(clippy::cast_precision_loss, reason = "weights are at most three hours")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
