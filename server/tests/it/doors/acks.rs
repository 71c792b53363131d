//! The server's own acknowledgement, which is what lets a device forget: by both doors and both versions.

use domain::wire::ack::{self, Ack};

use super::raw::{BOTH, Heard, Hello, PUBACK, PUBLISH, Raw};
use super::site::{PATIENCE, Site, Sold};
use crate::harness::mosquitto::Mosquitto;

/// Hears packets until `seqs` are all told to be stored; returns how many messages it took.
fn hear_stored(client: &mut Raw, device: &Sold, boot: u64, seqs: std::ops::RangeInclusive<u64>) -> usize {
    let mut told: Vec<Ack> = Vec::new();
    while !seqs
        .clone()
        .all(|seq| told.iter().any(|ack| ack.boot == boot && ack.covers(seq)))
    {
        let Heard::Packet(packet) = client.hear(PATIENCE) else {
            panic!("not all is acknowledged: {told:?}")
        };
        if packet.kind() == PUBLISH {
            let (topic, payload) = client.open(&packet);
            assert_eq!(topic, device.topic("ack"));
            assert!(ack::clock(&payload).is_some(), "it tells the time");
            told.push(ack::decode(&payload).expect("an ack is well-formed"));
        }
    }
    let beyond = |ack: &Ack| {
        ack.stored
            .iter()
            .any(|(first, last)| first < seqs.start() || last > seqs.end())
    };
    assert!(
        !told.iter().any(|ack| ack.boot == boot && beyond(ack)),
        "only what was sent is acknowledged: {told:?}"
    );
    told.len()
}

fn readings_are_acknowledged_in_ranges(site: &Site, device: &Sold) {
    for level in BOTH {
        let boot = u64::from(level as u8);
        let mut client = Raw::connect(
            site.address,
            &Hello::device(level, device.serial.as_str(), &device.password),
        );
        assert_eq!(client.subscribe(&device.topic("ack")), 1);
        for seq in 1..=200_u16 {
            let payload = format!("{{\"boot\":{boot},\"seq\":{seq},\"t\":21.5}}");
            client.publish(&device.topic("telemetry"), payload.as_bytes(), 1, seq, false);
        }
        let messages = hear_stored(&mut client, device, boot, 1..=200);
        assert!(messages <= 20, "{messages} messages for 200 readings in a moment");

        // What is stored already is acknowledged again, or a device that missed it would send for ever.
        client.publish(
            &device.topic("telemetry"),
            format!("{{\"boot\":{boot},\"seq\":7,\"t\":21.5}}").as_bytes(),
            1,
            300,
            false,
        );
        hear_stored(&mut client, device, boot, 7..=7);

        // A reading without a name is stored and not acknowledged.
        client.publish(&device.topic("telemetry"), b"{\"t\":21.5}", 1, 301, false);
        assert_eq!(client.expect(PUBACK).id(), 301);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_broker_tells_devices_which_readings_are_stored() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    readings_are_acknowledged_in_ranges(&site, &device);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_behind_mosquitto_hear_which_readings_are_stored() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    readings_are_acknowledged_in_ranges(&site, &device);
    site.stop().await;
}
