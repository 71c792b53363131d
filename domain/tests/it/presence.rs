//! Presence: age decides, the will only makes it worse by one step.

use domain::presence::Presence::{Late, NeverSeen, Offline, Online};
use domain::presence::{Presence, is_stale, presence};
use domain::time::Timestamp;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);
/// Long before anything these devices measured.
const EVER: Timestamp = Timestamp::from_millis(0);

fn check(interval_s: u32, age_ms: i64, expected: Presence, with_will: Presence) {
    let last_at = Some(NOW.plus_millis(-age_ms));
    assert_eq!(
        presence(last_at, interval_s, false, EVER, NOW),
        expected,
        "{interval_s} s, {age_ms} ms"
    );
    assert_eq!(
        presence(last_at, interval_s, true, EVER, NOW),
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
    assert_eq!(presence(None, 60, false, EVER, NOW), NeverSeen);
    assert_eq!(presence(None, 60, true, EVER, NOW), NeverSeen);
}

#[test]
fn silence_while_nobody_listened_is_not_held_against_a_device() {
    let hours_ago = Some(NOW.plus_millis(-7_200_000));
    let after_restart = |ms: i64, will| presence(hours_ago, 60, will, NOW, NOW.plus_millis(ms));
    assert_eq!(
        after_restart(0, false),
        Late,
        "its value is not of now, and it is not missed yet"
    );
    assert_eq!(after_restart(300_000, false), Late);
    assert_eq!(after_restart(300_001, false), Offline, "it has had its time");
    assert_eq!(after_restart(0, true), Offline, "it said itself that it went");
    assert!(is_stale(NOW.plus_millis(-300_001), 60, NOW) && !is_stale(NOW.plus_millis(-300_000), 60, NOW));
}

proptest! {
    #[test]
    fn listening_later_never_makes_a_device_worse(
        interval_s in 1..=86_400_u32,
        age_ms in 0..1_000_000_000_i64,
        listened_ms in 0..1_000_000_000_i64,
        will: bool,
    ) {
        let last_at = Some(NOW.plus_millis(-age_ms));
        let fair = presence(last_at, interval_s, will, NOW.plus_millis(-listened_ms), NOW);
        let harsh = presence(last_at, interval_s, will, EVER, NOW);
        prop_assert!(fair == harsh || (fair, harsh) == (Late, Offline));
    }

    #[test]
    fn presence_never_improves_with_age(
        interval_s in 1..=86_400_u32,
        younger in 0..1_000_000_000_i64,
        more in 0..1_000_000_000_i64,
        will: bool,
    ) {
        let rank = |age_ms: i64| match presence(Some(NOW.plus_millis(-age_ms)), interval_s, will, EVER, NOW) {
            Online => 0,
            Late => 1,
            Offline => 2,
            NeverSeen => 3,
        };
        prop_assert!(rank(younger) <= rank(younger + more));
    }
}
