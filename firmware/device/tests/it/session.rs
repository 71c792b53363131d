//! MQTT 5 as the device knows it, and the last resort.

use device::session::{Alive, KeepAlive, verdict};
use device::watchdog::Watchdog;
use device::{Cause, Uptime};

use crate::second;

#[test]
fn a_wrong_password_is_told_from_a_broker_in_trouble() {
    for refusal in [0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c, 0x8e, 0x9d] {
        assert_eq!(verdict(refusal).cause, Cause::Refused, "{refusal:#x}");
    }
    for trouble in [0x00, 0x80, 0x88, 0x89, 0x8b, 0x8d, 0x97, 0x9f, 0xff] {
        assert_eq!(verdict(trouble).cause, Cause::Lost, "{trouble:#x}");
    }
    assert_eq!(verdict(0x86).words, "the name or the password is wrong");
}

#[test]
fn a_quiet_connection_is_pinged_and_a_dead_one_is_left() {
    let ms = Uptime::from_millis;
    let mut alive = KeepAlive::new(second(0), None);
    assert_eq!(alive.check(second(1)), Alive::Until(ms(22_500)));
    assert_eq!(alive.check(ms(22_500)), Alive::Ping);
    alive.on_sent(ms(22_500));
    assert_eq!(alive.check(second(23)), Alive::Until(second(45)));
    alive.on_heard(second(23));
    assert_eq!(alive.check(ms(45_000)), Alive::Ping);
    alive.on_sent(second(45));
    assert_eq!(alive.check(ms(67_999)), Alive::Ping);
    assert_eq!(alive.check(second(68)), Alive::Dead);
}

#[test]
fn the_brokers_own_keep_alive_counts() {
    let alive = KeepAlive::new(second(0), Some(8));
    assert_eq!(alive.check(second(6)), Alive::Ping);
    assert_eq!(alive.check(second(12)), Alive::Dead);
}

#[test]
fn three_dead_hours_are_a_reason_to_start_anew_if_something_waits() {
    let mut watchdog = Watchdog::new(second(0));
    assert!(!watchdog.is_dead(second(3 * 3600 - 1), 9));
    assert!(watchdog.is_dead(second(3 * 3600), 9));
    assert!(!watchdog.is_dead(second(3 * 3600), 0), "nothing waits");
    watchdog.on_server(second(3600));
    assert!(!watchdog.is_dead(second(3 * 3600), 9));
    assert_eq!(watchdog.next_look(), second(4 * 3600));
}
