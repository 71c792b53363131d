//! Devices that are not heard any more.

use domain::alert::{Event, Input, Moment, Rule, due, rehearse};
use domain::reading::Measured;

use super::{INTERVAL_S, Watch, at, is_fired, moment, sound};

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
