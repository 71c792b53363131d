//! A device that is not heard any more. The age of its data is the truth; a connection says nothing.

use super::state::{Event, Phase, Point, State};
use super::step::Moment;
use crate::presence::late_for_ms;
use crate::time::Timestamp;

/// Milliseconds of silence that count: a device that measures seldom is not missed earlier than on its card.
pub(super) fn patience_ms(after_s: u32, interval_s: u32) -> i64 {
    (i64::from(after_s) * 1000).max(late_for_ms(interval_s))
}

/// Since when nothing was heard although somebody listened. After our own restart a device gets its full time again.
pub(super) fn quiet_since(moment: &Moment) -> Option<Timestamp> {
    moment.heard_at.map(|heard| heard.max(moment.listening_since))
}

pub(super) fn tick(after_s: u32, state: &mut State, moment: &Moment) -> Option<Event> {
    let patience = patience_ms(after_s, moment.interval_s);
    let (heard, quiet_since) = (moment.heard_at?, quiet_since(moment)?);
    match state.phase {
        Phase::Active { .. } if moment.now.since(heard) < patience => back(state, heard),
        Phase::Active { .. } => None,
        _ if moment.now.since(quiet_since) >= patience => {
            state.activate(heard);
            Some(Event::Fired {
                at: quiet_since.plus_millis(patience),
                value: None,
                from: Some(Point { at: heard, value: 0.0 }),
            })
        }
        _ => None,
    }
}

/// It is heard again.
pub(super) fn back(state: &mut State, at: Timestamp) -> Option<Event> {
    let was_active = state.is_active();
    state.phase = Phase::Normal;
    was_active.then_some(Event::Cleared { at, value: None })
}
