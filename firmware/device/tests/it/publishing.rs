//! One reading at a time: sent at once, kept until the server has it.

use device::{Cause, Config, Reading, SensorFailure};
use domain::reading::Measured;

use crate::{EPOCH, climate, connected, device, drain, payloads, second, serial, topics, wall};

#[test]
fn a_device_introduces_itself_with_a_retained_status() {
    let mut device = device(Config {
        fw: "1.4.0".to_owned(),
        ..Config::new(serial())
    });
    assert_eq!(device.poll(second(0)), None, "nothing before there is a connection");
    device.on_connected(second(1));
    let birth = device.poll(second(1)).unwrap();
    assert_eq!(
        birth.payload,
        r#"{"online":true,"boot":12,"fw":"1.4.0","interval_s":60}"#
    );
    assert!(birth.retain);
    let will = device.will();
    assert_eq!((will.payload.as_str(), will.retain), (r#"{"online":false}"#, true));
    assert_eq!(will.topic.to_string(), "templog/v1/TL-7K3F9Q2M/status");
}

#[test]
fn a_reading_is_published_at_once_and_forgotten_with_the_servers_ack() {
    let mut device = connected(Config::new(serial()));
    let seq = device.on_sample(second(60), Some(wall(second(60))), climate(24.6, 58.2));
    let sent = drain(&mut device, second(60));
    assert_eq!(topics(&sent), ["templog/v1/TL-7K3F9Q2M/telemetry"]);
    let expected = r#"{"boot":12,"seq":0,"at":1795161660000,"t":24.6,"h":58.2}"#;
    assert_eq!(payloads(&sent), [expected]);
    assert_eq!((seq, device.unstored()), (0, 1));
    assert_eq!(device.on_ack(br#"{"boot":12,"stored":[[0,0]]}"#), Ok(1));
    assert_eq!(device.unstored(), 0);
    assert_eq!(
        device.on_ack(br#"{"boot":12,"stored":[[0,0]]}"#),
        Ok(0),
        "a repeated ack"
    );
}

#[test]
fn only_the_own_boots_acks_count() {
    let mut device = connected(Config::new(serial()));
    device.on_sample(second(60), Some(wall(second(60))), climate(20.0, 50.0));
    assert_eq!(device.on_ack(br#"{"boot":11,"stored":[[0,100]]}"#), Ok(0));
    assert_eq!(
        device.on_ack(br#"{"boot":12,"stored":[[1,18446744073709551615]]}"#),
        Ok(0)
    );
    assert!(device.on_ack(b"nonsense").is_err());
    assert_eq!(device.unstored(), 1);
}

#[test]
fn a_reading_without_ack_is_sent_again_with_the_same_name_and_time() {
    let mut device = connected(Config::new(serial()));
    device.on_sample(second(60), Some(wall(second(60))), climate(20.0, 50.0));
    let first = drain(&mut device, second(60));
    assert_eq!(device.next_wake(), Some(second(90)));
    assert_eq!(drain(&mut device, second(89)), []);
    assert_eq!(drain(&mut device, second(90)), first);
}

#[test]
fn after_a_broken_connection_everything_unacknowledged_is_sent_again() {
    let mut device = connected(Config::new(serial()));
    device.on_sample(second(60), Some(wall(second(60))), climate(20.0, 50.0));
    let first = drain(&mut device, second(60));
    device.on_disconnected(second(61), Cause::Lost, 0);
    assert_eq!(drain(&mut device, second(62)), []);
    device.on_connected(second(62));
    let again = drain(&mut device, second(62));
    assert_eq!(again[1..], first);
}

#[test]
fn a_failed_sensor_is_told_and_not_made_up() {
    let mut device = connected(Config::new(serial()));
    let failed = Reading {
        values: Err(SensorFailure::Checksum),
        ..climate(0.0, 0.0)
    };
    device.on_sample(second(60), Some(wall(second(60))), failed);
    device.on_sample(
        second(61),
        None,
        Measured {
            t: Some(f64::NAN),
            h: None,
        }
        .into(),
    );
    let sent = drain(&mut device, second(61));
    let expected = [
        r#"{"boot":12,"seq":1,"err":"no-value"}"#,
        r#"{"boot":12,"seq":0,"at":1795161660000,"err":"checksum"}"#,
    ];
    assert_eq!(payloads(&sent), expected);
}

#[test]
fn extras_travel_with_the_reading() {
    let mut device = connected(Config::new(serial()));
    let reading = Reading {
        light: Some(1234),
        rssi: Some(-61),
        bat: Some(87),
        ..climate(-0.5, 50.0)
    };
    device.on_sample(second(60), None, reading);
    let expected = r#"{"boot":12,"seq":0,"t":-0.5,"h":50,"light":1234,"rssi":-61,"bat":87}"#;
    assert_eq!(payloads(&drain(&mut device, second(60))), [expected]);
}

#[test]
fn readings_of_one_millisecond_stay_as_many() {
    let mut device = connected(Config::new(serial()));
    for t in [20.0, 21.0, 22.0] {
        device.on_sample(second(60), Some(EPOCH), climate(t, 50.0));
    }
    let sent = payloads(&drain(&mut device, second(60))).concat();
    for at in ["1795161600000", "1795161600001", "1795161600002"] {
        assert!(sent.contains(at), "{at} in {sent}");
    }
}

#[test]
fn readings_taken_before_the_clock_was_set_get_their_time_if_never_sent() {
    let mut device = device(Config::new(serial()));
    device.on_sample(second(10), None, climate(20.0, 50.0));
    device.on_clock(second(70), wall(second(70)));
    device.on_connected(second(70));
    let sent = drain(&mut device, second(70));
    assert!(sent[1].payload.contains(r#""at":1795161610000"#), "{}", sent[1].payload);
}

#[test]
fn a_reading_that_was_sent_in_vain_without_a_time_is_sent_again_with_it() {
    let mut device = connected(Config::new(serial()));
    device.on_sample(second(10), None, climate(20.0, 50.0));
    let first = drain(&mut device, second(10));
    device.on_disconnected(second(20), Cause::Lost, 0);
    device.on_clock(second(25), wall(second(25)));
    device.on_connected(second(30));
    let again = drain(&mut device, second(30)).split_off(1);
    assert_eq!(payloads(&first), [r#"{"boot":12,"seq":0,"t":20,"h":50}"#]);
    assert_eq!(
        payloads(&again),
        [r#"{"boot":12,"seq":0,"at":1795161610000,"t":20,"h":50}"#]
    );
}
