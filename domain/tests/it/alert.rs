//! Rules: one alarm and one "back to normal" for every true episode, whatever is delivered how.

use domain::alert::{Event, Input, Metric, Moment, Phase, Preset, Rule, State, due, observe, rehearse, step};
use domain::reading::{Gate, Measured, Verdict, judge};
use domain::time::Timestamp;
use proptest::prelude::*;

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

#[test]
fn a_limit_alarms_after_its_hold_time_and_ends_below_its_hysteresis() {
    let told = story(humid(120), [59.0, 61.0, 61.5, 62.0, 59.0, 58.5, 58.0, 61.0]);
    let fired = Event::Fired {
        at: at(180),
        value: Some(62.0),
        from: None,
    };
    let cleared = Event::Cleared {
        at: at(360),
        value: Some(58.0),
    };
    assert_eq!(told, [(3, fired), (6, cleared)]);
}

#[test]
fn a_hold_time_runs_out_between_two_readings() {
    let mut watch = Watch::new(humid(90));
    assert_eq!(watch.hear(0, 61.0), None);
    assert_eq!(due(&watch.rule, &watch.state, &moment(at(0), at(0))), Some(at(90)));
    assert_eq!(watch.tick(89, 0), None);
    assert!(is_fired(watch.tick(90, 0).as_ref()));
    assert_eq!(watch.tick(91, 0), None);
}

#[test]
fn a_hold_time_does_not_run_on_for_a_device_that_is_missed() {
    let mut watch = Watch::new(humid(600));
    assert_eq!(watch.hear(0, 61.0), None);
    assert_eq!(watch.tick(600, 0), None, "the last value is ten minutes old");
    assert!(is_fired(watch.hear(660, 61.0).as_ref()));
}

#[test]
fn a_day_of_flapping_around_a_limit_is_one_alarm() {
    let rule = Rule::Above {
        metric: Metric::T,
        limit: 26.0,
        hysteresis: 0.3,
        hold_s: 60,
    };
    let flapping = (0..1440).map(|minute| if minute % 2 == 0 { 26.1 } else { 25.9 });
    let told = story(rule, flapping.chain([25.0]));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(is_fired(told.first().map(|(_, event)| event)));
    assert!(is_cleared(told.last().map(|(_, event)| event)));
}

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
fn a_silent_device_is_told_of_once_and_its_return_too() {
    let mut watch = Watch::new(Rule::Offline { after_s: 300 });
    assert_eq!(watch.hear(1000, 20.0), None);
    assert_eq!(
        due(&watch.rule, &watch.state, &moment(at(1000), at(1000))),
        Some(at(1300))
    );
    assert_eq!(watch.tick(1299, 1000), None);
    assert!(is_fired(watch.tick(1300, 1000).as_ref()));
    assert_eq!(watch.tick(5000, 1000), None);
    let cleared = watch.hear(6000, 20.0);
    assert_eq!(
        cleared,
        Some(Event::Cleared {
            at: at(6000),
            value: None
        })
    );
}

#[test]
fn a_restart_of_ours_is_no_silence_of_the_device() {
    let mut watch = Watch::new(Rule::Offline { after_s: 300 });
    watch.hear(1000, 20.0);
    let restarted = Moment {
        listening_since: at(9000),
        ..moment(at(9010), at(1000))
    };
    assert_eq!(watch.take(Input::Tick, &restarted), None);
    assert_eq!(due(&watch.rule, &watch.state, &restarted), Some(at(9300)));
    let late = Moment {
        now: at(9300),
        ..restarted
    };
    assert!(is_fired(watch.take(Input::Tick, &late).as_ref()));
}

#[test]
fn a_device_that_measures_seldom_is_not_missed_early() {
    let mut watch = Watch::new(Rule::Offline { after_s: 300 });
    let slow = |now: i64| Moment {
        interval_s: 600,
        ..moment(at(now), at(0))
    };
    watch.take(sound(at(0), 20.0, 50.0), &slow(0));
    assert_eq!(watch.take(Input::Tick, &slow(2999)), None);
    assert!(is_fired(watch.take(Input::Tick, &slow(3000)).as_ref()));
}

#[test]
fn a_broken_sensor_is_told_of_once_and_alarms_nobody() {
    let rules = [Rule::Fault {}, humid(0), change()];
    let mut past = Vec::new();
    let mut gate = Gate::default();
    for minute in 0..7 * 1440 {
        let t = match minute % 10 {
            0..5 => 21.0,
            5..7 => -3276.8,
            _ => 394.0,
        };
        let measured = Measured {
            t: Some(t),
            h: Some(50.0),
        };
        let (next, verdict) = judge(gate, at(minute * 60), measured);
        gate = next;
        past.push((at(minute * 60), (verdict == Verdict::Sound).then_some(measured)));
    }
    let told = rehearse(&rules, INTERVAL_S, past, at(7 * 86_400));
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, 0);
}

#[test]
fn a_sensor_that_lies_now_and_then_is_not_broken() {
    let past = (0..1440).map(|minute| {
        let measured = Measured {
            t: Some(21.0),
            h: Some(50.0),
        };
        (at(minute * 60), (minute % 8 != 0).then_some(measured))
    });
    assert_eq!(rehearse(&[Rule::Fault {}], INTERVAL_S, past, at(86_400)), []);
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

#[test]
fn gaps_of_the_past_are_found_once_each() {
    let minutes = (0..100).chain(130..200).chain(300..400);
    let past = minutes.map(|minute| {
        (
            at(minute * 60),
            Some(Measured {
                t: Some(21.0),
                h: Some(50.0),
            }),
        )
    });
    let told = rehearse(&[Rule::Offline { after_s: 600 }], INTERVAL_S, past, at(400 * 60));
    let fired = told.iter().filter(|(_, event)| is_fired(Some(event))).count();
    assert_eq!((fired, told.len()), (2, 4), "{told:?}");
}

#[test]
fn every_preset_holds_rules_that_make_sense() {
    for preset in Preset::ALL {
        assert_eq!(Preset::parse(preset.as_str()), Some(preset));
        for rule in preset.rules() {
            rule.check().unwrap();
            assert_eq!(rule.steadied(), rule);
        }
    }
}

#[test]
fn a_rule_is_spelt_as_the_contract_spells_it() {
    let spelt = r#"{"kind":"above","metric":"h","limit":60.0,"hysteresis":2.0,"hold_s":120}"#;
    assert_eq!(serde_json::from_str::<Rule>(spelt).unwrap(), humid(120));
    assert_eq!(serde_json::to_string(&humid(120)).unwrap(), spelt);
    let spelt = r#"{"kind":"offline","after_s":300}"#;
    assert_eq!(
        serde_json::from_str::<Rule>(spelt).unwrap(),
        Rule::Offline { after_s: 300 }
    );
    let spelt = r#"{"kind":"change","metric":"t","delta":5.0,"window_s":600}"#;
    assert_eq!(serde_json::from_str::<Rule>(spelt).unwrap(), change());
}

#[test]
fn numbers_that_make_no_sense_are_refused_by_name() {
    let wrong = [
        (
            r#"{"kind":"above","metric":"h","limit":160.0,"hysteresis":2.0}"#,
            "limit",
        ),
        (
            r#"{"kind":"below","metric":"t","limit":5.0,"hysteresis":0.1}"#,
            "hysteresis",
        ),
        (r#"{"kind":"change","metric":"t","delta":0.1,"window_s":600}"#, "delta"),
        (r#"{"kind":"change","metric":"t","delta":5.0,"window_s":5}"#, "window_s"),
        (r#"{"kind":"offline","after_s":1}"#, "after_s"),
    ];
    for (rule, field) in wrong {
        let rule: Rule = serde_json::from_str(rule).unwrap();
        assert_eq!(rule.check().unwrap_err().field, field);
    }
}

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

#[test]
fn a_pending_alarm_is_a_phase_of_its_own() {
    let mut watch = Watch::new(humid(120));
    watch.hear(0, 61.0);
    assert!(matches!(watch.state.phase, Phase::Pending { .. }));
    watch.hear(60, 57.0);
    assert_eq!(watch.state.phase, Phase::Normal);
}
