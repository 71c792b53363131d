//! A fast rise or fall: one alarm for the whole episode.

use super::state::{Event, Phase, Point, State};

/// Values are sums of tenths, which binary numbers miss by a hair.
const HAIR: f64 = 1e-9;

/// How much within which time.
#[derive(Clone, Copy)]
pub(super) struct Change {
    pub delta: f64,
    pub window_ms: i64,
}

impl Change {
    /// Takes a value, and the one before it that it is the witness of.
    pub(super) fn take(self, state: &mut State, point: Point, witnessed: Option<Point>) -> Option<Event> {
        for point in witnessed.into_iter().chain([point]) {
            state.trace.push(point, point.at.plus_millis(-self.window_ms));
        }
        let (low, high) = (state.trace.low()?, state.trace.high()?);
        let rise = point.value - low.value;
        let fall = high.value - point.value;
        let begin = if rise >= fall { low } else { high };
        match state.phase {
            Phase::Active {
                from: Some(first),
                rising,
                ..
            } => {
                let back = if rising {
                    first.value - point.value
                } else {
                    point.value - first.value
                };
                if self.is_enough(back) && self.is_enough(if rising { fall } else { rise }) {
                    // Past where it came from, as far again the other way: another matter.
                    return Some(fire(state, begin, point));
                }
                if high.value - low.value < self.delta / 2.0 {
                    state.phase = Phase::Normal;
                    return Some(Event::Cleared {
                        at: point.at,
                        value: Some(point.value),
                    });
                }
                None
            }
            _ if self.is_enough(rise.max(fall)) => Some(fire(state, begin, point)),
            _ => None,
        }
    }

    fn is_enough(self, difference: f64) -> bool {
        difference >= self.delta - HAIR
    }
}

fn fire(state: &mut State, begin: Point, end: Point) -> Event {
    state.phase = Phase::Active {
        since: end.at,
        from: Some(begin),
        rising: end.value > begin.value,
    };
    Event::Fired {
        at: end.at,
        value: Some(end.value),
        from: Some(begin),
    }
}
