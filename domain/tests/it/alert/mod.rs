//! Rules: one alarm and one "back to normal" for every true episode, whatever is delivered how.

mod changes;
mod laws;
mod limits;
mod recorded;
mod rules;
mod sensor;
mod silence;

use domain::alert::{Event, Input, Metric, Moment, Rule, State, step};
use domain::reading::Measured;
use domain::time::Timestamp;

const INTERVAL_S: u32 = 60;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_161_600_000 + second * 1000)
}

fn moment(now: Timestamp, heard_at: Timestamp) -> Moment {
    Moment {
        now,
        interval_s: INTERVAL_S,
        heard_at: Some(heard_at),
        listening_since: at(0),
    }
}

fn sound(at: Timestamp, t: f64, h: f64) -> Input {
    Input::Sound {
        at,
        measured: Measured { t: Some(t), h: Some(h) },
        suspect: None,
    }
}

/// A rule and its memory, told one reading after the other as they come in.
struct Watch {
    rule: Rule,
    state: State,
}

impl Watch {
    fn new(rule: Rule) -> Self {
        rule.check().unwrap();
        Self {
            rule,
            state: State::default(),
        }
    }

    fn take(&mut self, input: Input, moment: &Moment) -> Option<Event> {
        let (state, event) = step(&self.rule, &self.state, input, moment);
        self.state = state;
        event
    }

    fn hear(&mut self, second: i64, value: f64) -> Option<Event> {
        let now = at(second);
        self.take(sound(now, value, value), &moment(now, now))
    }

    fn tick(&mut self, second: i64, heard: i64) -> Option<Event> {
        self.take(Input::Tick, &moment(at(second), at(heard)))
    }
}

fn humid(hold_s: u32) -> Rule {
    Rule::Above {
        metric: Metric::H,
        limit: 60.0,
        hysteresis: 2.0,
        hold_s,
    }
}

fn change() -> Rule {
    Rule::Change {
        metric: Metric::T,
        delta: 5.0,
        window_s: 600,
    }
}

fn is_fired(event: Option<&Event>) -> bool {
    matches!(event, Some(Event::Fired { .. }))
}

fn is_cleared(event: Option<&Event>) -> bool {
    matches!(event, Some(Event::Cleared { .. }))
}

/// Every event of one reading a minute.
fn story(rule: Rule, values: impl IntoIterator<Item = f64>) -> Vec<(i64, Event)> {
    let mut watch = Watch::new(rule);
    let mut told = Vec::new();
    for (minute, value) in (0..).zip(values) {
        told.extend(watch.hear(minute * 60, value).map(|event| (minute, event)));
    }
    told
}
