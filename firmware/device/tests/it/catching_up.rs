//! After an outage: newest first, in bounded batches, nothing that fits is lost.

use device::{Cause, Config, Device, Outgoing, Reading, Uptime};
use domain::wire::telemetry::{Sample, decode};

use crate::{climate, connected, device, drain, second, serial, wall};

fn sample_minutes(device: &mut Device, minutes: std::ops::Range<u64>) {
    for minute in minutes {
        let now = second(minute * 60);
        device.on_sample(now, Some(wall(now)), climate(20.0, 50.0));
    }
}

fn seqs(message: &Outgoing) -> Vec<u64> {
    let seq = |sample: Sample| sample.id.unwrap().seq;
    let items = decode(message.payload.as_bytes()).unwrap();
    items.into_iter().map(|item| seq(item.unwrap())).collect()
}

fn ack(device: &mut Device, seqs: &[u64]) -> usize {
    let ranges: Vec<_> = seqs.iter().map(|seq| format!("[{seq},{seq}]")).collect();
    let payload = format!(r#"{{"boot":12,"stored":[{}]}}"#, ranges.join(","));
    device.on_ack(payload.as_bytes()).unwrap()
}

/// Connects and returns the telemetry that follows the status.
fn reconnect(device: &mut Device, now: Uptime) -> Vec<Outgoing> {
    device.on_connected(now);
    drain(device, now).split_off(1)
}

#[test]
fn a_day_without_network_arrives_newest_first_and_in_batches_of_512() {
    let mut device = device(Config::new(serial()));
    sample_minutes(&mut device, 0..1440);
    let sent = reconnect(&mut device, second(86_400));
    let first: Vec<Vec<u64>> = sent.iter().map(seqs).collect();
    let expected: [Vec<u64>; 3] = [vec![1439], (927..1439).collect(), (415..927).collect()];
    assert_eq!(first, expected);
    assert_eq!(
        drain(&mut device, second(86_401)),
        [],
        "two back-fill messages at once, no more"
    );
    assert_eq!(ack(&mut device, &first[1]), 512);
    let rest = drain(&mut device, second(86_402));
    assert_eq!(
        rest.iter().map(seqs).collect::<Vec<_>>(),
        [(0..415).collect::<Vec<_>>()]
    );
    ack(&mut device, &(0..1440).collect::<Vec<_>>());
    assert_eq!((device.unstored(), device.overwritten()), (0, 0));
}

#[test]
fn now_is_sent_at_once_in_the_middle_of_catching_up() {
    let mut device = device(Config::new(serial()));
    sample_minutes(&mut device, 0..1440);
    reconnect(&mut device, second(86_400));
    sample_minutes(&mut device, 1440..1441);
    let sent = drain(&mut device, second(86_401));
    assert_eq!(sent.iter().map(seqs).collect::<Vec<_>>(), [[1440]]);
}

#[test]
fn a_full_memory_overwrites_the_oldest() {
    let mut device = device(Config {
        capacity: 100,
        ..Config::new(serial())
    });
    sample_minutes(&mut device, 0..150);
    assert_eq!((device.unstored(), device.overwritten()), (100, 50));
    let sent = reconnect(&mut device, second(9_000));
    assert_eq!(sent.iter().map(|message| seqs(message).len()).sum::<usize>(), 100);
    assert_eq!(seqs(&sent[1])[0], 50);
}

#[test]
fn a_batch_never_exceeds_what_a_server_accepts() {
    let mut device = Device::new(Config::new(serial()), (1 << 53) - 1);
    for minute in 0..1440 {
        let now = second(minute * 60);
        let extras = Reading {
            light: Some(4095),
            rssi: Some(-100),
            bat: Some(100),
            ..climate(-12.345, 98.765)
        };
        device.on_sample(now, Some(wall(now)), extras);
    }
    for message in reconnect(&mut device, second(86_400)) {
        assert!(message.payload.len() <= 65_536);
        assert!(decode(message.payload.as_bytes()).unwrap().len() <= 512);
    }
}

#[test]
fn more_fresh_readings_than_may_fly_are_gathered_into_one_message() {
    let config = Config {
        live_in_flight: 2,
        backfill_in_flight: 1,
        ..Config::new(serial())
    };
    let mut device = connected(config);
    let mut sizes: Vec<Vec<usize>> = Vec::new();
    for minute in 1..=6 {
        sample_minutes(&mut device, minute..minute + 1);
        sizes.push(
            drain(&mut device, second(minute))
                .iter()
                .map(|m| seqs(m).len())
                .collect(),
        );
    }
    let expected: [Vec<usize>; 6] = [vec![1], vec![1], vec![1], vec![], vec![], vec![]];
    assert_eq!(sizes, expected);
    ack(&mut device, &[2]);
    assert_eq!(
        drain(&mut device, second(7)).iter().map(seqs).collect::<Vec<_>>(),
        [[3, 4, 5]]
    );
}

#[test]
fn overwriting_a_reading_in_flight_frees_its_flight() {
    let config = Config {
        capacity: 4,
        live_in_flight: 1,
        ..Config::new(serial())
    };
    let mut device = connected(config);
    sample_minutes(&mut device, 1..2);
    assert_eq!(drain(&mut device, second(60)).len(), 1);
    for minute in 2..=5 {
        let now = second(minute * 60);
        device.on_sample(now, Some(wall(now)), climate(20.0, 50.0));
    }
    assert_eq!(device.overwritten(), 1);
    let sent = drain(&mut device, second(61));
    assert_eq!(seqs(&sent[0]), [4], "the newest reading took the freed flight");
}

#[test]
fn an_ack_that_was_late_for_its_connection_still_counts() {
    let mut device = connected(Config::new(serial()));
    sample_minutes(&mut device, 1..3);
    drain(&mut device, second(120));
    device.on_disconnected(second(121), Cause::Lost, 0);
    assert_eq!(ack(&mut device, &[0]), 1);
    let sent = reconnect(&mut device, second(125));
    assert_eq!(sent.iter().map(seqs).collect::<Vec<_>>(), [[1]]);
}
