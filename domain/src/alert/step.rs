//! One step of one rule, and of all rules of a device.

use super::change::Change;
use super::limit::Limit;
use super::rule::{Metric, Rule};
use super::state::{Event, Phase, Point, State};
use super::{doubt, silence};
use crate::presence::late_for_ms;
use crate::reading::Measured;
use crate::time::Timestamp;

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// The sensor-fault gate let a reading through; values are calibrated.
    Sound {
        /// When it was measured.
        at: Timestamp,
        /// What was measured.
        measured: Measured,
        /// The suspect it is the witness of: a temperature of just before.
        suspect: Option<Point>,
    },
    /// The gate refused a reading, or keeps it for a witness.
    Bad {
        /// When it was measured.
        at: Timestamp,
    },
    /// Brightness came with a reading, whatever became of its other values: it has a sensor of its own.
    Lit {
        /// When it was measured.
        at: Timestamp,
        /// 0 to 4095.
        light: f64,
    },
    /// Time has passed.
    Tick,
}

impl Input {
    /// Whether a rule over this metric, or over none, is to hear it.
    fn concerns(&self, metric: Option<Metric>) -> bool {
        match self {
            Self::Sound { .. } | Self::Bad { .. } => metric != Some(Metric::Light),
            Self::Lit { .. } => metric == Some(Metric::Light),
            Self::Tick => true,
        }
    }
}

/// Now, and what else is known of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The present moment.
    pub now: Timestamp,
    /// Seconds between the device's readings.
    pub interval_s: u32,
    /// When its newest reading was measured, sound or not.
    pub heard_at: Option<Timestamp>,
    /// Since when it could be heard at all.
    pub listening_since: Timestamp,
}

impl Moment {
    /// Whether a reading is news, not back-fill.
    fn is_news(&self, at: Timestamp) -> bool {
        self.now.since(at) <= late_for_ms(self.interval_s)
    }
}

/// Takes one step: the new memory, and what to tell. A reading that is not newer than the last one, or old, does
/// nothing.
#[must_use]
pub fn step(rule: &Rule, state: &State, input: Input, moment: &Moment) -> (State, Option<Event>) {
    let mut next = state.clone();
    if !input.concerns(rule.metric()) {
        return (next, None);
    }
    if let Input::Sound { at, .. } | Input::Bad { at } | Input::Lit { at, .. } = input
        && (!moment.is_news(at) || state.last_at.is_some_and(|last| at <= last))
    {
        return (next, None);
    }
    let event = match input {
        Input::Sound { at, measured, suspect } => {
            next.last_at = Some(at);
            take(rule, &mut next, at, measured, suspect)
        }
        Input::Bad { at } => match rule {
            Rule::Fault {} => {
                next.last_at = Some(at);
                doubt::lied(&mut next, at)
            }
            Rule::Offline { .. } => silence::back(&mut next, at),
            _ => None,
        },
        Input::Lit { at, light } => {
            next.last_at = Some(at);
            let point = Point { at, value: light };
            limit_of(rule).and_then(|limit| limit.take(&mut next, point, point))
        }
        Input::Tick => match *rule {
            Rule::Offline { after_s } => silence::tick(after_s, &mut next, moment),
            _ => limit_of(rule).and_then(|limit| limit.tick(&mut next, moment)),
        },
    };
    (next, event)
}

fn take(rule: &Rule, state: &mut State, at: Timestamp, measured: Measured, suspect: Option<Point>) -> Option<Event> {
    let point = |metric: Metric| {
        let value = match metric {
            Metric::T => measured.t,
            Metric::H => measured.h,
            Metric::Light => None,
        };
        value.map(|value| Point { at, value })
    };
    let witnessed = suspect.filter(|_| rule.metric() == Some(Metric::T));
    match *rule {
        Rule::Above { metric, .. } | Rule::Below { metric, .. } => {
            let (limit, point) = (limit_of(rule)?, point(metric)?);
            limit.take(state, point, witnessed.unwrap_or(point))
        }
        Rule::Change {
            metric,
            delta,
            window_s,
        } => {
            let change = Change {
                delta,
                window_ms: i64::from(window_s) * 1000,
            };
            change.take(state, point(metric)?, witnessed)
        }
        Rule::Offline { .. } => silence::back(state, at),
        Rule::Fault {} => {
            let vindicated = suspect.is_some_and(|suspect| state.lied_at == Some(suspect.at));
            doubt::told_the_truth(state, at, vindicated)
        }
    }
}

fn limit_of(rule: &Rule) -> Option<Limit> {
    let (at, hysteresis, hold_s, above) = match *rule {
        Rule::Above {
            limit,
            hysteresis,
            hold_s,
            ..
        } => (limit, hysteresis, hold_s, true),
        Rule::Below {
            limit,
            hysteresis,
            hold_s,
            ..
        } => (limit, hysteresis, hold_s, false),
        _ => return None,
    };
    Some(Limit {
        at,
        hysteresis,
        hold_ms: i64::from(hold_s) * 1000,
        above,
    })
}

/// When a rule wants to be asked again even if nothing is measured; always later than now.
pub fn due(rule: &Rule, state: &State, moment: &Moment) -> Option<Timestamp> {
    let due = match (rule, state.phase) {
        (_, Phase::Pending { since, .. }) => limit_of(rule).map(|limit| since.plus_millis(limit.hold_ms)),
        (Rule::Offline { after_s }, Phase::Normal) => silence::quiet_since(moment)
            .map(|quiet| quiet.plus_millis(silence::patience_ms(*after_s, moment.interval_s))),
        _ => None,
    };
    due.filter(|due| *due > moment.now)
}

/// Takes a step with every rule of a device. What its sensor says alarms nobody while its fault rule, if it has one,
/// does not believe it.
pub fn observe<'a>(
    rules: impl IntoIterator<Item = (&'a Rule, &'a mut State)>,
    input: Input,
    moment: &Moment,
    mut tell: impl FnMut(usize, Event),
) {
    let mut rules: alloc::vec::Vec<_> = rules.into_iter().enumerate().collect();
    let mut believed = true;
    // The fault rule decides first what the others may hear.
    rules.sort_by_key(|(_, (rule, _))| !matches!(rule, Rule::Fault {}));
    for (index, (rule, state)) in rules {
        let deaf = rule.metric().is_some() && matches!(input, Input::Sound { .. }) && !believed;
        if deaf {
            continue;
        }
        let (next, event) = step(rule, state, input, moment);
        *state = next;
        if matches!(rule, Rule::Fault {}) {
            believed = doubt::is_believed(state);
        }
        if let Some(event) = event {
            tell(index, event);
        }
    }
}
