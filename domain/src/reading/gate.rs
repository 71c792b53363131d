//! The gate every reading passes: impossible, stuck and too fast values are kept apart.
//!
//! A DHT22 lies in known ways (see [`super::Fault`]) and, worst, with plausible numbers: half of
//! the true value, a sign lost. Air in a room does not jump, so a jump waits for a witness: the
//! next reading. A real fast rise passes with its second reading; a single lie never does.

use super::{Fault, Measured};
use crate::time::Timestamp;

/// A step no neighbour reading may exceed at once, °C.
const STEP_C: f64 = 8.0;
/// What it may change besides for every second between the two, °C/s.
const RATE_C_PER_S: f64 = 0.02;

/// What the gate remembers of a device: a few numbers, stored between readings.
///
/// The fields are public because the store keeps each in a column of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gate {
    /// When the last sound temperature was measured.
    pub last_at: Option<Timestamp>,
    /// The last sound temperature, °C.
    pub last_t: Option<f64>,
    /// When the temperature that waits for a witness was measured.
    pub suspect_at: Option<Timestamp>,
    /// The temperature that waits for a witness, °C.
    pub suspect_t: Option<f64>,
}

/// What the gate thinks of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A measurement.
    Sound,
    /// Perhaps a measurement: shown, but neither averaged nor alarmed on until the next one agrees.
    Unconfirmed,
    /// A measurement, and the suspect before it (the gate's `suspect_at`) was one as well.
    Confirming,
    /// No measurement.
    Fault(Fault),
}

#[derive(Clone, Copy)]
struct Point {
    at: Timestamp,
    t: f64,
}

impl Gate {
    fn last(self) -> Option<Point> {
        Some(Point {
            at: self.last_at?,
            t: self.last_t?,
        })
    }

    fn suspect(self) -> Option<Point> {
        Some(Point {
            at: self.suspect_at?,
            t: self.suspect_t?,
        })
    }

    const fn sound(at: Timestamp, t: f64) -> Self {
        Self {
            last_at: Some(at),
            last_t: Some(t),
            suspect_at: None,
            suspect_t: None,
        }
    }
}

/// Judges one reading and returns what to remember for the next.
///
/// Only a reading newer than all before it is compared with its neighbours; a late one
/// (back-fill) is checked for impossible and stuck values alone and does not move the gate.
pub fn judge(gate: Gate, at: Timestamp, m: Measured) -> (Gate, Verdict) {
    if let Some(fault) = m.fault() {
        return (gate, Verdict::Fault(fault));
    }
    let late = gate.last_at.max(gate.suspect_at).is_some_and(|newest| at <= newest);
    let (Some(t), false) = (m.t, late) else {
        return (gate, Verdict::Sound);
    };
    let now = Point { at, t };
    let Some(last) = gate.last() else {
        return (Gate::sound(at, t), Verdict::Sound);
    };
    // Near both, it is the nearer one it speaks for: a lie beside the limit finds no witness in
    // the return to normal.
    if let Some(suspect) = gate.suspect()
        && plausible(suspect, now)
        && (!plausible(last, now) || step(suspect, now) < step(last, now))
    {
        return (Gate::sound(at, t), Verdict::Confirming);
    }
    if plausible(last, now) {
        return (Gate::sound(at, t), Verdict::Sound);
    }
    (
        Gate {
            suspect_at: Some(at),
            suspect_t: Some(t),
            ..gate
        },
        Verdict::Unconfirmed,
    )
}

fn step(from: Point, to: Point) -> f64 {
    (to.t - from.t).abs()
}

#[expect(clippy::cast_precision_loss, reason = "elapsed milliseconds are far below 2^52")]
fn plausible(from: Point, to: Point) -> bool {
    let elapsed_s = to.at.since(from.at) as f64 / 1000.0;
    step(from, to) <= STEP_C + RATE_C_PER_S * elapsed_s
}
