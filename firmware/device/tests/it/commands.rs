//! Commands: done once, answered once, and the answer finds its question.

use device::{Action, Config, Device, Incoming, Outgoing, Reading, SensorFailure};
use proptest::prelude::*;

use crate::{climate, connected, drain, payloads, second, serial, topics, wall};

fn send(device: &mut Device, name: &str, payload: &str, id: Option<&str>) -> Option<Action> {
    let correlation = id.map(str::as_bytes);
    device.on_command(
        second(100),
        Incoming {
            name,
            payload: payload.as_bytes(),
            correlation,
        },
    )
}

fn replies(device: &mut Device) -> Vec<Outgoing> {
    drain(device, second(100))
}

#[test]
fn every_command_asks_the_board_for_its_action() {
    let mut device = connected(Config::new(serial()));
    for (name, payload, action) in [
        ("read_now", "", Action::Measure),
        ("identify", "{}", Action::Identify),
        ("set", r#"{"interval_s":10}"#, Action::SetInterval(10)),
        ("led", r#"{"on":true}"#, Action::Led(true)),
        ("restart", "{}", Action::Restart),
    ] {
        assert_eq!(send(&mut device, name, payload, None), Some(action), "{name}");
    }
}

#[test]
fn a_reply_carries_the_correlation_of_its_request() {
    let mut device = connected(Config::new(serial()));
    send(&mut device, "identify", r#"{"id":"7f"}"#, Some("corr"));
    let replies = replies(&mut device);
    assert_eq!(topics(&replies), ["templog/v1/TL-7K3F9Q2M/reply"]);
    assert_eq!(payloads(&replies), [r#"{"ok":true,"id":"7f"}"#]);
    assert_eq!(replies[0].correlation.as_deref(), Some(&b"corr"[..]));
    assert!(!replies[0].retain);
}

#[test]
fn read_now_is_answered_with_the_reading_it_caused() {
    let mut device = connected(Config::new(serial()));
    send(&mut device, "read_now", "{}", Some("a"));
    assert_eq!(replies(&mut device), [], "not before the sensor has answered");
    device.on_sample(second(101), Some(wall(second(101))), climate(24.6, 58.2));
    let sent = replies(&mut device);
    assert_eq!(
        payloads(&sent)[0],
        r#"{"ok":true,"at":1795161701000,"h":58.2,"t":24.6}"#
    );
    assert!(
        topics(&sent)[1].ends_with("/telemetry"),
        "it is a reading like any other"
    );
}

#[test]
fn read_now_with_a_failed_sensor_says_so() {
    let mut device = connected(Config::new(serial()));
    send(&mut device, "read_now", r#"{"id":"7f"}"#, None);
    let failed = Reading {
        values: Err(SensorFailure::Timeout),
        ..climate(0.0, 0.0)
    };
    device.on_sample(second(101), None, failed);
    assert_eq!(
        payloads(&replies(&mut device))[0],
        r#"{"ok":false,"error":"timeout","id":"7f"}"#
    );
}

#[test]
fn read_now_on_a_dead_board_is_answered_in_time() {
    let mut device = connected(Config::new(serial()));
    send(&mut device, "read_now", "{}", Some("a"));
    assert_eq!(device.next_wake(), Some(second(108)));
    assert_eq!(drain(&mut device, second(107)), []);
    let late = drain(&mut device, second(108));
    assert_eq!(payloads(&late), [r#"{"ok":false,"error":"the sensor did not answer"}"#]);
}

#[test]
fn a_redelivered_command_is_neither_done_nor_answered_again() {
    let mut device = connected(Config::new(serial()));
    for (payload, correlation) in [("{}", Some("a")), (r#"{"id":"b"}"#, None)] {
        assert_eq!(
            send(&mut device, "restart", payload, correlation),
            Some(Action::Restart)
        );
        assert_eq!(send(&mut device, "restart", payload, correlation), None);
    }
    assert_eq!(replies(&mut device).len(), 2);
}

#[test]
fn a_wrong_command_is_answered_with_what_is_wrong() {
    let mut device = connected(Config::new(serial()));
    for (name, payload) in [("explode", "{}"), ("set", r#"{"interval_s":0}"#), ("led", "{")] {
        assert_eq!(send(&mut device, name, payload, Some(name)), None);
    }
    let replies = replies(&mut device);
    assert_eq!(payloads(&replies)[0], r#"{"ok":false,"error":"unknown command"}"#);
    assert_eq!(replies[2].correlation.as_deref(), Some(&b"led"[..]));
}

#[test]
fn a_new_interval_is_told_to_the_world() {
    let mut device = connected(Config::new(serial()));
    send(&mut device, "set", r#"{"interval_s":10}"#, None);
    assert_eq!(device.interval_s(), 10);
    let sent = replies(&mut device);
    assert!(
        payloads(&sent)[0].contains(r#""interval_s":10"#),
        "{:?}",
        payloads(&sent)
    );
    assert_eq!(payloads(&sent)[1], r#"{"ok":true}"#);
}

proptest! {
    #[test]
    fn no_bytes_make_the_device_panic_or_hoard(
        commands in prop::collection::vec(("[a-z_]{0,8}|led|set|read_now", any::<Vec<u8>>(), any::<Option<Vec<u8>>>()), 0..60),
    ) {
        let mut device = connected(Config::new(serial()));
        for (name, payload, correlation) in &commands {
            let correlation = correlation.as_deref();
            device.on_command(second(100), Incoming { name, payload, correlation });
            let _ = device.on_ack(payload);
        }
        prop_assert!(drain(&mut device, second(200)).len() <= 8 + 8 + 1);
    }
}
