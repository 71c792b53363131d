//! Fast changes: one alarm for the whole episode, which says from where to where.

use domain::alert::{Event, Input, Rule, State, observe};
use domain::reading::{Gate, Measured, Verdict, judge};

use super::{at, change, is_cleared, is_fired, moment, sound, story};

#[test]
fn a_fast_rise_says_from_where_to_where() {
    let told = story(change(), [23.2, 23.1, 23.1, 24.0, 25.5, 27.0, 28.0, 28.1]);
    let Some((7, Event::Fired { value, from, .. })) = told.first() else {
        panic!("{told:?}")
    };
    let from = from.unwrap();
    assert_eq!((from.value, from.at, *value), (23.1, at(120), Some(28.1)));
}

#[test]
fn an_opened_window_is_one_alarm_however_the_window_of_the_rule_moves() {
    let fall = (0..30).map(|minute| 22.0 - f64::from(minute) * 0.6);
    let cold = std::iter::repeat_n(4.6, 5);
    let rise = (0..60).map(|minute| 4.6 + f64::from(minute) * 0.15);
    let calm = std::iter::repeat_n(13.5, 30);
    let told = story(change(), fall.chain(cold).chain(rise).chain(calm));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(is_fired(told.first().map(|(_, event)| event)) && is_cleared(told.last().map(|(_, event)| event)));
}

#[test]
fn a_fire_after_an_opened_window_is_a_new_alarm() {
    let told = story(change(), [22.0, 19.0, 16.0, 19.0, 22.0, 25.0, 28.0]);
    let minutes: Vec<_> = told
        .iter()
        .map(|(minute, event)| (*minute, is_fired(Some(event))))
        .collect();
    assert_eq!(minutes, [(2, true), (6, true)]);
}

#[test]
fn a_slow_change_never_alarms() {
    let day = (0..1440).map(|minute| 20.0 + 6.0 * (f64::from(minute) / 229.0).sin());
    assert_eq!(story(change(), day), []);
}

#[test]
fn a_real_leap_alarms_with_its_witness() {
    let rules = [Rule::Fault {}, change()];
    let mut states = [State::default(), State::default()];
    let mut told = Vec::new();
    let mut gate = Gate::default();
    for (minute, t) in (0..).zip([23.0, 23.0, 36.0, 38.0]) {
        let (now, measured) = (
            at(minute * 60),
            Measured {
                t: Some(t),
                h: Some(40.0),
            },
        );
        let (next, verdict) = judge(gate, now, measured);
        let suspect = gate.suspect_at.zip(gate.suspect_t);
        let suspect = suspect.map(|(at, value)| domain::alert::Point { at, value });
        let input = match verdict {
            Verdict::Sound => sound(now, t, 40.0),
            Verdict::Confirming => Input::Sound {
                at: now,
                measured,
                suspect,
            },
            Verdict::Unconfirmed | Verdict::Fault(_) => Input::Bad { at: now },
        };
        gate = next;
        observe(
            rules.iter().zip(&mut states),
            input,
            &moment(now, now),
            |rule, event| {
                told.push((minute, rule, event));
            },
        );
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        matches!(told[0], (3, 1, Event::Fired { value: Some(38.0), .. })),
        "{told:?}"
    );
}
