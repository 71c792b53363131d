//! What holds for every rule, whatever is measured and however it is delivered.

use domain::alert::{Event, Input, Metric, Rule, State, rehearse, step};
use domain::reading::Measured;
use domain::time::Timestamp;
use proptest::prelude::*;

use super::{INTERVAL_S, at, change, humid, is_fired, moment, sound, story};

fn any_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (0_u32..600).prop_map(humid),
        (0_u32..600).prop_map(|hold_s| Rule::Below {
            metric: Metric::T,
            limit: 40.0,
            hysteresis: 1.0,
            hold_s
        }),
        (3.0..20.0).prop_map(|delta| Rule::Change {
            metric: Metric::T,
            delta,
            window_s: 600
        }),
        (60_u32..900).prop_map(|after_s| Rule::Offline { after_s }),
        Just(Rule::Fault {}),
    ]
}

/// Readings, lies (`None`) and the seconds between them.
fn any_past() -> impl Strategy<Value = Vec<(i64, Option<f64>)>> {
    prop::collection::vec((1_i64..400, prop::option::weighted(0.8, 20.0..80.0)), 1..120)
}

fn input_of(now: Timestamp, value: Option<f64>) -> Input {
    value.map_or(Input::Bad { at: now }, |value| sound(now, value, value))
}

proptest! {
    #[test]
    fn a_second_delivery_changes_nothing(rule in any_rule(), past in any_past()) {
        let (mut once, mut twice) = (State::default(), State::default());
        let mut second = 0;
        let mut earlier = Vec::new();
        for (pause, value) in past {
            second += pause;
            let (now, input) = (at(second), input_of(at(second), value));
            let (next, event) = step(&rule, &once, input, &moment(now, now));
            once = next;
            let (next, first) = step(&rule, &twice, input, &moment(now, now));
            prop_assert_eq!(first, event);
            twice = next;
            if matches!(input, Input::Sound { .. }) {
                earlier.push(input);
            }
            for again in earlier.iter().rev().take(5) {
                let (next, event) = step(&rule, &twice, *again, &moment(now, now));
                prop_assert_eq!(event, None);
                prop_assert_eq!(&next, &twice);
            }
        }
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_is_filled_in_later_never_alarms(rule in any_rule(), past in any_past()) {
        let mut state = State::default();
        let now = at(90 * 86_400);
        let mut second = 0;
        for (pause, value) in past {
            second += pause;
            let (next, event) = step(&rule, &state, input_of(at(second), value), &moment(now, now));
            prop_assert_eq!(event, None);
            state = next;
        }
        prop_assert_eq!(state, State::default());
    }

    #[test]
    fn alarms_and_their_ends_take_turns(rule in any_rule(), past in any_past()) {
        let mut second = 0;
        let past: Vec<_> = past.into_iter().map(|(pause, value)| {
            second += pause;
            (at(second), value.map(|value| Measured { t: Some(value), h: Some(value) }))
        }).collect();
        let told = rehearse(&[rule], INTERVAL_S, past, at(second + 10_000));
        let mut active = false;
        for (_, event) in told {
            match event {
                // Only a change may turn into another one.
                Event::Fired { .. } => {
                    let may = !active || rule.kind() == "change";
                    prop_assert!(may);
                }
                Event::Cleared { .. } => prop_assert!(active),
            }
            active = is_fired(Some(&event));
        }
    }

    #[test]
    fn memory_survives_being_stored(rule in any_rule(), past in any_past()) {
        let (mut kept, mut stored) = (State::default(), State::default());
        let mut second = 0;
        for (pause, value) in past {
            second += pause;
            let value = value.map(|value| (value * 10.0).round() / 10.0);
            let (now, input) = (at(second), input_of(at(second), value));
            let (next, event) = step(&rule, &kept, input, &moment(now, now));
            kept = next;
            let (next, same) = step(&rule, &stored, input, &moment(now, now));
            prop_assert_eq!(same, event);
            stored = serde_json::from_str(&serde_json::to_string(&next).unwrap()).unwrap();
        }
        prop_assert_eq!(kept, stored);
    }

    #[test]
    fn a_true_change_is_found_and_never_invented(past in prop::collection::vec(0_i32..120, 2..200)) {
        let values: Vec<_> = past.iter().map(|tenths| 20.0 + f64::from(*tenths) / 10.0).collect();
        let told = story(change(), values.iter().copied());
        let Some(first) = values.iter().enumerate().position(|(now, value)| {
            values[now.saturating_sub(10)..=now].iter().any(|old| (old - value).abs() > 5.0 - 1e-9)
        }) else {
            prop_assert_eq!(told, []);
            return Ok(());
        };
        prop_assert_eq!(told.first().map(|(minute, _)| *minute), i64::try_from(first).ok());
    }
}
