//! Above or below a limit, for a while.

use super::state::{Event, Phase, Point, State};
use super::step::Moment;
use crate::presence::late_for_ms;

/// A limit, seen from the side that is normal.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub at: f64,
    pub hysteresis: f64,
    pub hold_ms: i64,
    /// Whether values above it are too much; else values below.
    pub above: bool,
}

impl Limit {
    /// How far beyond the limit a value is; negative: on the good side.
    fn excess(self, value: f64) -> f64 {
        if self.above { value - self.at } else { self.at - value }
    }

    fn is_back(self, value: f64) -> bool {
        self.excess(value) <= -self.hysteresis
    }

    /// Takes a value. `since` is when it began to be so, at the latest `point.at`.
    pub(super) fn take(self, state: &mut State, point: Point, since: Point) -> Option<Event> {
        let Point { at, value } = point;
        match state.phase {
            Phase::Normal if self.excess(value) > 0.0 => {
                let since = if self.excess(since.value) > 0.0 { since.at } else { at };
                state.phase = Phase::Pending { since, newest: value };
                self.fire_if_held(state, at)
            }
            Phase::Pending { .. } if self.is_back(value) => {
                state.phase = Phase::Normal;
                None
            }
            Phase::Pending { since, .. } => {
                state.phase = Phase::Pending { since, newest: value };
                self.fire_if_held(state, at)
            }
            Phase::Active { .. } if self.is_back(value) => {
                state.phase = Phase::Normal;
                let value = Some(value);
                Some(Event::Cleared { at, value })
            }
            Phase::Normal | Phase::Active { .. } => None,
        }
    }

    /// As time passes without a reading, the last value counts for as long as its device is not missed.
    pub(super) fn tick(self, state: &mut State, moment: &Moment) -> Option<Event> {
        let fresh = state
            .last_at
            .is_some_and(|last| moment.now.since(last) <= late_for_ms(moment.interval_s));
        fresh.then(|| self.fire_if_held(state, moment.now)).flatten()
    }

    fn fire_if_held(self, state: &mut State, now: crate::time::Timestamp) -> Option<Event> {
        let Phase::Pending { since, newest } = state.phase else {
            return None;
        };
        // Between the limit and the way back the clock runs on, but such a value is no news.
        if now.since(since) < self.hold_ms || self.excess(newest) <= 0.0 {
            return None;
        }
        let at = since.plus_millis(self.hold_ms);
        state.activate(at);
        Some(Event::Fired {
            at,
            value: Some(newest),
            from: None,
        })
    }
}
