//! Whether a sensor can be believed. Single lies are a DHT22's daily bread; a sensor that lies again and again is
//! broken, and its people are told so once, instead of being alarmed by what it says.

use super::state::{Event, Phase, State};
use crate::time::Timestamp;

/// A lie weighs as much as so many sound readings: one bad reading in five is just bearable.
const LIE: u32 = 4;
/// Five lies in a row.
const BROKEN: u32 = 5 * LIE;
/// More is not held against it, so that it can redeem itself.
const MOST: u32 = 10 * LIE;
/// From two fresh lies on, nothing it says may alarm anybody.
const NOT_BELIEVED: u32 = 2 * LIE;
/// So long without a lie, and it is sound again.
const SOUND_AGAIN_MS: i64 = 12 * 60 * 60 * 1000;

/// Whether the sensor may alarm anybody, as its fault rule remembers it.
pub(super) const fn is_believed(state: &State) -> bool {
    state.strikes < NOT_BELIEVED
}

pub(super) fn lied(state: &mut State, at: Timestamp) -> Option<Event> {
    state.lied_at = Some(at);
    state.strikes = (state.strikes + LIE).min(MOST);
    if state.strikes < BROKEN || state.is_active() {
        return None;
    }
    state.activate(at);
    Some(Event::Fired {
        at,
        value: None,
        from: None,
    })
}

/// `vindicated`: what was taken for a lie turned out to be true.
pub(super) fn told_the_truth(state: &mut State, at: Timestamp, vindicated: bool) -> Option<Event> {
    state.strikes = state.strikes.saturating_sub(if vindicated { LIE + 1 } else { 1 });
    let clean = state.lied_at.is_none_or(|lied| at.since(lied) >= SOUND_AGAIN_MS);
    if !clean || !state.is_active() {
        return None;
    }
    state.phase = Phase::Normal;
    Some(Event::Cleared { at, value: None })
}
