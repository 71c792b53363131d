//! Sensors that cannot be believed.

use domain::alert::{Rule, rehearse};
use domain::reading::{Gate, Measured, Verdict, judge};

use super::{INTERVAL_S, at, change, humid};

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
