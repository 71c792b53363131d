//! Presence: age decides, the will only makes it worse by one step.

use domain::presence::Presence::{Late, NeverSeen, Offline, Online};
use domain::presence::{Presence, presence};
use domain::time::Timestamp;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

fn check(interval_s: u32, age_ms: i64, expected: Presence, with_will: Presence) {
    let last_at = Some(NOW.plus_millis(-age_ms));
    assert_eq!(
        presence(last_at, interval_s, false, NOW),
        expected,
        "{interval_s} s, {age_ms} ms"
    );
    assert_eq!(
        presence(last_at, interval_s, true, NOW),
        with_will,
        "{interval_s} s, {age_ms} ms"
    );
}

#[test]
fn a_device_that_reports_every_minute_changes_at_150_and_300_seconds() {
    check(60, 0, Online, Late);
    check(60, 150_000, Online, Late);
    check(60, 150_001, Late, Offline);
    check(60, 300_000, Late, Offline);
    check(60, 300_001, Offline, Offline);
}

#[test]
fn a_fast_device_is_given_half_a_minute() {
    check(1, 30_000, Online, Late);
    check(1, 30_001, Late, Offline);
    check(1, 60_000, Late, Offline);
    check(1, 60_001, Offline, Offline);
}

#[test]
fn a_slow_device_is_given_its_interval() {
    check(600, 1_500_000, Online, Late);
    check(600, 3_000_000, Late, Offline);
    check(86_400, 86_400_000, Online, Late);
}

#[test]
fn a_clock_slightly_ahead_is_online() {
    check(60, -120_000, Online, Late);
}

#[test]
fn a_device_without_readings_was_never_seen_whatever_its_will_says() {
    assert_eq!(presence(None, 60, false, NOW), NeverSeen);
    assert_eq!(presence(None, 60, true, NOW), NeverSeen);
}

proptest! {
    #[test]
    fn presence_never_improves_with_age(
        interval_s in 1..=86_400_u32,
        younger in 0..1_000_000_000_i64,
        more in 0..1_000_000_000_i64,
        will: bool,
    ) {
        let rank = |age_ms: i64| match presence(Some(NOW.plus_millis(-age_ms)), interval_s, will, NOW) {
            Online => 0,
            Late => 1,
            Offline => 2,
            NeverSeen => 3,
        };
        prop_assert!(rank(younger) <= rank(younger + more));
    }
}
