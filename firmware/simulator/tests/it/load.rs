//! Loading: the totals and the log tell the truth.

use std::collections::BTreeSet;

use domain::serial::Serial;
use serde_json::Value;

use crate::mosquitto::Mosquitto;
use crate::server::Server;
use crate::workshop::{Simulator, Workshop, serial, wait_for};

fn totals(simulator: Simulator) -> Value {
    serde_json::from_slice(&simulator.finish().stdout).unwrap()
}

/// The readings the log has a line of that kind for: device, boot, number and time.
fn logged(workshop: &Workshop, event: &str) -> Vec<(Serial, u64, u64, i64)> {
    let text = std::fs::read_to_string(workshop.path("load.log")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("event,serial,boot,seq,at,unix_ms"));
    let mut readings = Vec::new();
    for line in lines {
        let fields: Vec<_> = line.split(',').collect();
        assert_eq!(fields.len(), 6, "{line}");
        if fields[0] == event {
            let (serial, boot, seq) = (
                fields[1].parse().unwrap(),
                fields[2].parse().unwrap(),
                fields[3].parse().unwrap(),
            );
            readings.push((serial, boot, seq, fields[4].parse().unwrap()));
        }
    }
    readings
}

fn check_that_every_reading_is_booked(protocol: &str) {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 4);
    let args = [
        "--connections",
        "4",
        "--rate",
        "400",
        "--seconds",
        "1",
        "--protocol",
        protocol,
    ];
    let totals = totals(workshop.load(&args));
    for count in ["due", "sent", "acked", "stored"] {
        assert_eq!(totals[count], 400, "{count} of {totals}");
    }
    assert_eq!((&totals["refused"], &totals["reconnects"]), (&0.into(), &0.into()));
    assert!(totals["acked_ms"]["p50"].as_f64().unwrap() > 0.0);

    let stored: BTreeSet<_> = server
        .arrived()
        .readings
        .into_iter()
        .map(|((serial, boot, seq), (sample, times))| {
            assert_eq!(times, 1, "nothing was sent twice");
            (serial, boot, seq, sample.at.unwrap().as_millis())
        })
        .collect();
    for event in ["puback", "ack"] {
        let lines = logged(&workshop, event);
        assert_eq!(lines.len(), 400, "a line for every {event}");
        assert_eq!(lines.into_iter().collect::<BTreeSet<_>>(), stored, "{event}");
    }
    let times: BTreeSet<_> = stored.iter().map(|(serial, _, _, at)| (serial, at)).collect();
    assert_eq!(times.len(), 400, "every reading of a device has a time of its own");
}

#[test]
fn every_reading_is_booked_with_mqtt_3() {
    check_that_every_reading_is_booked("4");
}

#[test]
fn every_reading_is_booked_with_mqtt_5() {
    check_that_every_reading_is_booked("5");
}

#[test]
fn a_broker_that_crashes_is_come_back_to_and_nothing_is_lost() {
    let mut broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 3);
    let simulator = workshop.load(&["--rate", "300", "--seconds", "4", "--resend", "1"]);
    for arrived in [100, 500] {
        wait_for("some readings", || server.count() > arrived);
        broker.crash_and_restart();
    }
    let totals = totals(simulator);
    assert_eq!(
        (&totals["due"], &totals["stored"]),
        (&1200.into(), &1200.into()),
        "{totals}"
    );
    assert_eq!(totals["reconnects"], 6, "{totals}");
    assert_eq!(server.count(), 1200);
    assert_eq!(
        logged(&workshop, "ack").into_iter().collect::<BTreeSet<_>>().len(),
        1200
    );
}

#[test]
fn without_a_server_pubacks_are_enough() {
    let broker = Mosquitto::start();
    let workshop = Workshop::new(&broker.url(), 2);
    let totals = totals(workshop.load(&["--rate", "0", "--seconds", "1", "--window", "8"]));
    assert!(totals["acked"].as_u64().unwrap() > 100, "{totals}");
    assert_eq!(totals["acked"], totals["sent"]);
    assert_eq!(
        (&totals["stored"], &totals["resent"], &totals["due"]),
        (&0.into(), &0.into(), &Value::Null)
    );
}

#[test]
fn a_run_that_is_told_to_stop_still_reports() {
    let broker = Mosquitto::start();
    let server = Server::start(&broker);
    let workshop = Workshop::new(&broker.url(), 1);
    let simulator = workshop.load(&["--rate", "100", "--seconds", "600"]);
    wait_for("some readings", || server.readings(serial(0)).len() > 20);
    simulator.terminate();
    let totals = totals(simulator);
    assert!((20..3000).contains(&totals["acked"].as_u64().unwrap()), "{totals}");
}
