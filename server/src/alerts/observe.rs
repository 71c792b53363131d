//! Asks the rules of one device, and notes what changed in their memories.

use domain::alert::{self, Event, Input, Moment, Phase, Rule, State, due};
use domain::time::Timestamp;

use crate::db::rule_states::Watched;
use crate::db::rules::Terms;
use crate::db::states::Known;
use crate::db::{DeviceId, HouseholdId, RuleId};

/// Something that people have to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Whose home.
    pub household: HouseholdId,
    /// Whose readings.
    pub device: DeviceId,
    /// Which rule.
    pub rule_id: RuleId,
    /// What it watches for.
    pub rule: Rule,
    /// How people are told.
    pub terms: Terms,
    /// What happened.
    pub event: Event,
}

/// Asks the rules of a device about a reading that has come at `now`.
pub fn observe(known: &mut Known, input: Input, now: Timestamp) -> Vec<News> {
    // A reading tells nothing about silence, so since when we listen does not matter.
    let listening_since = known.state.max_at.unwrap_or(now);
    observe_since(known, input, now, listening_since)
}

/// Asks the rules of a device that could be heard since `listening_since`.
pub(super) fn observe_since(known: &mut Known, input: Input, now: Timestamp, listening_since: Timestamp) -> Vec<News> {
    let Some(household) = known.household.filter(|_| !known.rules.is_empty()) else {
        return Vec::new();
    };
    let moment = Moment {
        now,
        interval_s: known.interval_s,
        heard_at: known.state.max_at,
        listening_since,
    };
    let before: Vec<_> = known.rules.iter().map(|watched| watched.state.clone()).collect();
    let mut events = Vec::new();
    let rules = known
        .rules
        .iter_mut()
        .map(|watched| (&watched.rule, &mut watched.state));
    alert::observe(rules, input, &moment, |rule, event| events.push((rule, event)));
    for (watched, before) in known.rules.iter_mut().zip(before) {
        note(watched, before, &moment);
    }
    let news = events.into_iter().map(|(rule, event)| {
        let watched = &known.rules[rule];
        News {
            household,
            device: known.id,
            rule_id: watched.id,
            rule: watched.rule,
            terms: watched.terms,
            event,
        }
    });
    news.filter(|news| news.terms.enabled).collect()
}

/// Decides whether a memory must be written. That another ordinary reading was the last one need not: the device's own
/// row says so.
fn note(watched: &mut Watched, before: State, moment: &Moment) {
    let forgetful = State {
        last_at: watched.state.last_at,
        ..before
    };
    watched.changed |= forgetful != watched.state;
    let due = due(&watched.rule, &watched.state, moment);
    // A silent device is asked for again when it would have been missed, not put off with every reading.
    let early = watched.due_at.filter(|early| *early > moment.now);
    let stays = watched.state.phase == Phase::Normal && early.is_some() && due.is_some();
    if !stays && due != watched.due_at {
        watched.due_at = due;
        watched.changed = true;
    }
}
