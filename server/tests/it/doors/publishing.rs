//! What PUBACK of the embedded broker means: stored. And what happens to what cannot be stored.

use std::time::Duration;

use super::raw::{BOTH, Heard, Hello, Level, PUBACK, PUBCOMP, PUBREC, Packet, Raw};
use super::site::{Site, Sold};

fn connect(site: &Site, device: &Sold, level: Level) -> Raw {
    Raw::connect(
        site.address,
        &Hello::device(level, device.serial.as_str(), &device.password),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_in_the_database_when_its_puback_arrives() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let mut stored = 0;
    for level in BOTH {
        let mut client = connect(&site, &device, level);
        for id in 1..=50 {
            let payload = format!("{{\"boot\":{},\"seq\":{id},\"t\":21.5,\"h\":50}}", level as u8);
            let answer = client.publish_and_wait(&device.topic("telemetry"), payload.as_bytes(), id);
            stored += 1;
            assert_eq!(site.stored(&device).await, stored);
            assert_eq!(
                answer,
                Packet {
                    first: 0x40,
                    body: id.to_be_bytes().to_vec()
                }
            );
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_puback_while_the_database_is_held_up() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    for level in BOTH {
        let mut client = connect(&site, &device, level);
        let held = site.db.begin_write().await.unwrap();
        client.publish(&device.topic("telemetry"), b"{\"t\":21.5}", 1, 7, false);
        assert_eq!(client.hear(Duration::from_millis(500)), Heard::Silence);
        held.rollback().await.unwrap();
        assert_eq!(client.expect(PUBACK).id(), 7);
    }
    assert_eq!(site.stored(&device).await, 2);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_no_longer_be_stored_is_not_acknowledged() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let mut clients = BOTH
        .map(|level| (level, Sold::new(0)))
        .map(|(level, device)| connect(&site, &device, level));
    assert!(site.intake_lifecycle.drain(Duration::from_secs(10)).await);

    let client = &mut clients[1];
    for qos in [1, 2] {
        client.publish(&device.topic("telemetry"), b"{\"t\":21.5}", qos, 7, false);
    }
    assert_eq!(client.hear(Duration::from_secs(10)), Heard::Closed);
    assert_eq!(site.stored(&device).await, 0);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_sent_exactly_once_is_stored_and_the_handshake_is_well_formed() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    for level in BOTH {
        let mut client = connect(&site, &device, level);
        let payload = format!("{{\"boot\":{},\"seq\":1,\"t\":21.5}}", level as u8);
        client.publish(&device.topic("telemetry"), payload.as_bytes(), 2, 9, false);
        assert_eq!(
            client.expect(PUBREC),
            Packet {
                first: 0x50,
                body: vec![0, 9]
            }
        );
        client.send(&[0x62, 2, 0, 9]);
        assert_eq!(
            client.expect(PUBCOMP),
            Packet {
                first: 0x70,
                body: vec![0, 9]
            }
        );
    }
    assert_eq!(site.stored(&device).await, 2);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_asks_to_be_retained_is_stored_but_not_kept_by_the_broker() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let mut client = connect(&site, &device, Level::V4);
    client.publish(&device.topic("telemetry"), b"{\"t\":21.5}", 1, 1, true);
    client.expect(PUBACK);
    assert_eq!(site.stored(&device).await, 1);
    assert_eq!(client.subscribe(&device.topic("#")), 1);
    assert_eq!(client.hear(Duration::from_millis(300)), Heard::Silence);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_acknowledged_so_that_it_does_not_come_again() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    let too_large = format!("{{\"t\":21.5,\"x\":\"{}\"}}", "x".repeat(64 * 1024));
    let nonsense: [&[u8]; 6] = [
        b"",
        b"\xff\xfe",
        b"{\"t\":\"warm\"}",
        b"{\"t\":1e999}",
        b"[]",
        too_large.as_bytes(),
    ];
    for level in BOTH {
        let mut client = connect(&site, &device, level);
        for (id, payload) in (1..).zip(nonsense) {
            client.publish_and_wait(&device.topic("telemetry"), payload, id);
        }
        assert!(client.answers_ping());
    }
    assert_eq!(site.stored(&device).await, 0);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packet_beyond_the_limit_ends_the_connection_and_nothing_else() {
    let device = Sold::new(0);
    let site = Site::embedded(std::slice::from_ref(&device)).await;
    for level in BOTH {
        let mut client = connect(&site, &device, level);
        client.publish(&device.topic("telemetry"), &vec![b' '; 300 * 1024], 1, 1, false);
        let rest = std::iter::from_fn(|| Some(client.hear(Duration::from_secs(10))));
        assert!(rest.take(2).any(|heard| heard == Heard::Closed));
        let mut again = connect(&site, &device, level);
        again.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.5}", 1);
    }
    site.stop().await;
}
