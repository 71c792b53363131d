//! What rules would have told about a stretch of the past: the same steps, with the clock of then.

use alloc::vec::Vec;

use super::rule::Rule;
use super::state::{Event, State};
use super::step::{Input, Moment, due, observe};
use crate::reading::Measured;
use crate::time::Timestamp;

/// A stored reading; `None`: the gate refused it, or still waits for its witness.
pub type Past = (Timestamp, Option<Measured>);

/// Every event, with the place of its rule in `rules`. `past` goes from old to new, and ends at `until`.
pub fn rehearse(
    rules: &[Rule],
    interval_s: u32,
    past: impl IntoIterator<Item = Past>,
    until: Timestamp,
) -> Vec<(usize, Event)> {
    let mut rehearsal = Rehearsal {
        rules: rules.iter().map(|rule| (rule, State::default())).collect(),
        moment: None,
        interval_s,
        events: Vec::new(),
    };
    for (at, measured) in past {
        rehearsal.pass(at);
        let input = measured.map_or(Input::Bad { at }, |measured| Input::Sound {
            at,
            measured,
            suspect: None,
        });
        rehearsal.hear(at, input);
    }
    rehearsal.pass(until);
    rehearsal.events
}

struct Rehearsal<'r> {
    rules: Vec<(&'r Rule, State)>,
    /// As it was after the last reading.
    moment: Option<Moment>,
    interval_s: u32,
    events: Vec<(usize, Event)>,
}

impl Rehearsal<'_> {
    /// Lets time pass: rules are asked when they wish to be.
    fn pass(&mut self, until: Timestamp) {
        while let Some(moment) = self.moment {
            let next = self.rules.iter().filter_map(|(rule, state)| due(rule, state, &moment));
            let Some(now) = next.min().filter(|due| *due < until) else {
                return;
            };
            let moment = Moment { now, ..moment };
            self.moment = Some(moment);
            self.observe(Input::Tick, &moment);
        }
    }

    fn hear(&mut self, at: Timestamp, input: Input) {
        let listening_since = self.moment.map_or(at, |moment| moment.listening_since);
        let moment = Moment {
            now: at,
            interval_s: self.interval_s,
            heard_at: Some(at),
            listening_since,
        };
        self.moment = Some(moment);
        self.observe(input, &moment);
    }

    fn observe(&mut self, input: Input, moment: &Moment) {
        let rules = self.rules.iter_mut().map(|(rule, state)| (*rule, state));
        observe(rules, input, moment, |rule, event| self.events.push((rule, event)));
    }
}
