//! Limits: a hold time before the alarm, a hysteresis before its end.

use domain::alert::{Event, Metric, Phase, Rule, due};

use super::{Watch, at, humid, is_cleared, is_fired, moment, story};

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
fn a_day_with_three_true_episodes_is_three_alarms_and_three_ends_however_it_wavers_in_between() {
    let rule = Rule::Above {
        metric: Metric::H,
        limit: 60.0,
        hysteresis: 2.0,
        hold_s: 120,
    };
    let wavering = |minute: i32| if minute % 2 == 0 { 0.1 } else { -0.1 };
    let day = (0..1440).map(|minute| {
        let truly = match minute % 480 {
            // Up to the limit and around it, well above, down to the limit and around it, well below.
            0..100 => 55.0,
            100..200 => 59.85,
            200..260 => 64.0,
            260..400 => 60.0,
            _ => 57.0,
        };
        truly + wavering(minute)
    });
    let told = story(rule, day);
    let minutes: Vec<_> = told
        .iter()
        .map(|(minute, event)| (*minute, is_fired(Some(event))))
        .collect();
    let expected = [0, 480, 960].map(|start| [(start + 202, true), (start + 400, false)]);
    assert_eq!(minutes, expected.concat());
}

#[test]
fn a_pending_alarm_is_a_phase_of_its_own() {
    let mut watch = Watch::new(humid(120));
    watch.hear(0, 61.0);
    assert!(matches!(watch.state.phase, Phase::Pending { .. }));
    watch.hear(60, 57.0);
    assert_eq!(watch.state.phase, Phase::Normal);
}
