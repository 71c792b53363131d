//! Replaying: the recording arrives whole, whatever the broker does.

use domain::reading::Measured;
use domain::wire::telemetry::Body;

use crate::mosquitto::Mosquitto;
use crate::server::Server;
use crate::workshop::{Workshop, serial, wait_for};

fn temperatures(server: &Server, device: u64) -> Vec<f64> {
    let t = |body: Body| match body {
        Body::Measured(Measured { t, .. }) => t.unwrap(),
        Body::Failed(reason) => panic!("{reason}"),
    };
    server
        .readings(serial(device))
        .into_iter()
        .map(|sample| t(sample.body))
        .collect()
}

/// What `Workshop::record` wrote.
fn recorded(rows: u32, warmer: f64) -> Vec<f64> {
    let close = |t: f64| (t * 10.0).round() / 10.0;
    (0..rows)
        .map(|i| close(20.0 + warmer + f64::from(i % 10) / 10.0))
        .collect()
}

#[test]
fn a_recording_arrives_whole_and_the_simulator_ends_by_itself() {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 3);
    workshop.record(40);
    workshop.replay(3, 10).finish();

    for (device, warmer) in [(0, 0.0), (1, 1.0), (2, 0.0)] {
        assert_eq!(temperatures(&server, device), recorded(40, warmer), "device {device}");
        let times: Vec<_> = server
            .readings(serial(device))
            .iter()
            .map(|sample| sample.at.unwrap())
            .collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        let span_ms = times[39].since(times[0]);
        assert!(
            (350..10_000).contains(&span_ms),
            "40 rows 10 ms apart took {span_ms} ms"
        );
    }
    let statuses = server.arrived().statuses;
    let mine: Vec<_> = statuses
        .iter()
        .filter(|(of, _)| *of == serial(0))
        .map(|(_, status)| status)
        .collect();
    assert!(
        mine[0].starts_with(r#"{"online":true,"boot":"#) && mine[0].ends_with(r#""interval_s":1}"#),
        "{mine:?}"
    );
    assert_eq!(mine.last().unwrap().as_str(), r#"{"online":false}"#);
}

#[test]
fn a_broker_that_crashes_costs_no_reading() {
    let mut broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 2);
    workshop.record(300);
    let simulator = workshop.replay(2, 10);
    for arrived in [50, 200] {
        wait_for("some readings", || server.count() > arrived);
        broker.crash_and_restart();
    }
    simulator.finish();
    assert_eq!(temperatures(&server, 0), recorded(300, 0.0));
    assert_eq!(temperatures(&server, 1), recorded(300, 1.0));
}

#[test]
fn lost_wifi_and_double_delivery_cost_and_add_nothing() {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 2);
    workshop.record(200);
    workshop.replay_with(2, 20, &["drop-wifi", "replay"]).finish();
    assert_eq!(temperatures(&server, 0), recorded(200, 0.0));
    assert_eq!(temperatures(&server, 1), recorded(200, 1.0));
}

#[test]
fn a_stuck_sensor_and_a_clock_of_1970_are_what_they_are_called() {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 1);
    workshop.record(20);
    workshop.replay_with(1, 20, &["stuck-sensor", "wrong-clock"]).finish();
    assert_eq!(temperatures(&server, 0), [20.0; 20]);
    let readings = server.readings(serial(0));
    assert!(
        readings.iter().any(|reading| reading.at.is_none()),
        "1970 is no time to send"
    );
}

#[test]
fn a_simulated_device_obeys() {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 1);
    workshop.record(1000);
    let simulator = workshop.replay(1, 100);
    wait_for("the first reading", || server.count() > 0);
    server.command(serial(0), "read_now", "{}", "one");
    server.command(serial(0), "set", r#"{"interval_s":2}"#, "two");
    wait_for("both replies", || server.arrived().replies.len() == 2);
    let replies = server.arrived().replies;
    assert!(
        replies[0].0.starts_with(r#"{"ok":true,"at":"#) && replies[0].0.contains(r#""h":45.5"#),
        "{}",
        replies[0].0
    );
    assert_eq!(replies[0].1, b"one");
    assert_eq!(replies[1], (r#"{"ok":true}"#.to_owned(), b"two".to_vec()));
    let told = |status: &str| status.contains(r#""interval_s":2"#);
    wait_for("the new interval", || {
        server.arrived().statuses.iter().any(|(_, status)| told(status))
    });
    server.command(serial(0), "restart", "{}", "three");
    let starts = || {
        server
            .arrived()
            .readings
            .keys()
            .map(|key| key.1)
            .collect::<std::collections::BTreeSet<_>>()
    };
    wait_for("a reading of the next start", || starts().len() == 2);

    simulator.terminate();
    simulator.finish();
    assert_eq!(server.arrived().statuses.last().unwrap().1, r#"{"online":false}"#);
}
