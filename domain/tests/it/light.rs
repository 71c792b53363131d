//! Rules over the brightness: they hear it whatever becomes of the reading's other values, and nothing else.

use domain::alert::{Event, Input, Metric, Moment, Rule, State, step};
use domain::reading::Measured;
use domain::time::Timestamp;

const DARK: Rule = Rule::Below {
    metric: Metric::Light,
    limit: 300.0,
    hysteresis: 50.0,
    hold_s: 0,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_161_600_000 + second * 1000)
}

fn events(inputs: impl IntoIterator<Item = Input>) -> Vec<(i64, bool)> {
    let mut state = State::default();
    let mut told = Vec::new();
    for (second, input) in (0..).zip(inputs) {
        let moment = Moment {
            now: at(second),
            interval_s: 60,
            heard_at: Some(at(second)),
            listening_since: at(0),
        };
        let (next, event) = step(&DARK, &state, input, &moment);
        state = next;
        told.extend(event.map(|event| (second, matches!(event, Event::Fired { .. }))));
    }
    told
}

#[test]
fn darkness_is_told_once_until_it_is_light_again_by_the_hysteresis() {
    let lights = [500.0, 299.0, 301.0, 349.0, 250.0, 350.0, 299.0];
    let inputs = (0..)
        .zip(lights)
        .map(|(second, light)| Input::Lit { at: at(second), light });
    assert_eq!(events(inputs), [(1, true), (5, false), (6, true)]);
}

#[test]
fn temperature_and_a_broken_climate_sensor_say_nothing_about_light() {
    let measured = Measured {
        t: Some(100.0),
        h: Some(100.0),
    };
    let sound = |second| Input::Sound {
        at: at(second),
        measured,
        suspect: None,
    };
    assert_eq!(events([sound(0), Input::Bad { at: at(1) }, Input::Tick]), []);
    let lit = |second| Input::Lit {
        at: at(second),
        light: 10.0,
    };
    assert_eq!(events([sound(0), Input::Bad { at: at(1) }, lit(2)]), [(2, true)]);
}

#[test]
fn light_says_nothing_about_temperature() {
    let hot = Rule::Above {
        metric: Metric::T,
        limit: 30.0,
        hysteresis: 1.0,
        hold_s: 0,
    };
    let moment = Moment {
        now: at(0),
        interval_s: 60,
        heard_at: Some(at(0)),
        listening_since: at(0),
    };
    let lit = Input::Lit {
        at: at(0),
        light: 4000.0,
    };
    assert_eq!(step(&hot, &State::default(), lit, &moment), (State::default(), None));
}

#[test]
fn a_rule_over_light_has_limits_of_its_own_and_no_speed() {
    assert_eq!(DARK.check(), Ok(()));
    let wrong = |rule: Rule| rule.check().expect_err("it makes no sense").field;
    let change = Rule::Change {
        metric: Metric::Light,
        delta: 100.0,
        window_s: 600,
    };
    assert_eq!(wrong(change), "metric");
    let beyond = Rule::Above {
        metric: Metric::Light,
        limit: 4096.0,
        hysteresis: 50.0,
        hold_s: 0,
    };
    assert_eq!(wrong(beyond), "limit");
}
