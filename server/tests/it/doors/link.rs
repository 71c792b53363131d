//! The link to Mosquitto: nothing is lost while either side is away, and nothing is counted twice.

use super::raw::{Hello, Level, Raw};
use super::site::{Site, Sold};
use crate::harness::mosquitto::{Mosquitto, SERVER};
use crate::harness::process::wait_for;
use server::clock::Clock;
use server::config::{BrokerUrl, MqttConfig, Secret};

fn connect(mosquitto: &Mosquitto, device: &Sold) -> Raw {
    Raw::connect(
        mosquitto.address,
        &Hello::device(Level::V5, device.serial.as_str(), &device.password),
    )
}

fn named(seq: u16) -> String {
    format!("{{\"boot\":1,\"seq\":{seq},\"t\":21.5}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_while_the_server_is_away_arrives_when_it_is_back() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    site.stop().await;

    let mut client = connect(&mosquitto, &device);
    for seq in 1..=500 {
        client.publish_and_wait(&device.topic("telemetry"), named(seq).as_bytes(), seq);
    }
    assert_eq!(site.stored(&device).await, 0);
    let site = site.reopen(&mosquitto).await;
    site.wait_stored(&device, 500).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_committed_comes_again() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;

    // The readings reach the intake, and cannot be committed before the server is gone. Another one takes its place.
    let held = site.db.begin_write().await.unwrap();
    let mut client = connect(&mosquitto, &device);
    for seq in 1..=100 {
        client.publish_and_wait(&device.topic("telemetry"), named(seq).as_bytes(), seq);
    }
    assert!(site.lifecycle.drain(super::site::PATIENCE).await);
    let heir = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    heir.wait_stored(&device, 100).await;
    heir.stop().await;
    held.rollback().await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_notices_that_the_broker_is_gone_and_comes_back_by_itself() {
    let device = Sold::new(0);
    let mut mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    for seq in 1..=2 {
        mosquitto.kill9();
        site.wait_ready(false);
        assert!(site.running.health.state().last_error.is_some());
        mosquitto.restart();
        site.wait_ready(true);
        connect(&mosquitto, &device).publish_and_wait(&device.topic("telemetry"), named(seq).as_bytes(), 1);
        site.wait_stored(&device, i64::from(seq)).await;
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retained_reading_is_counted_once_however_often_the_server_comes_back() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    let mut client = connect(&mosquitto, &device);
    // Without a name or a time: if it came again, it would be another reading.
    client.publish(&device.topic("telemetry"), b"{\"t\":21.5}", 1, 1, true);
    client.expect(super::raw::PUBACK);
    site.wait_stored(&device, 1).await;

    site.stop().await;
    let site = site.reopen(&mosquitto).await;
    client.publish_and_wait(&device.topic("telemetry"), b"{\"t\":21.6}", 2);
    site.wait_stored(&device, 2).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_are_reported_and_not_hammered() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    let (door, intake) = (server::lifecycle::Lifecycle::new(), server::lifecycle::Lifecycle::new());
    let url = BrokerUrl {
        password: Secret::new("wrong"),
        ..BrokerUrl::parse(&mosquitto.url()).unwrap()
    };
    assert_eq!(url.username, SERVER.0);

    let clock = Clock::system();
    let handle = server::ingest::start(site.db.clone(), clock.clone(), None, Vec::new(), &intake);
    let accounts = std::sync::Arc::new(site.db.clone());
    let (acks, vault) = (server::mqtt::AckSender::new(), super::site::vault(&site.db));
    let running = server::mqtt::start(
        &MqttConfig::Link(url),
        accounts,
        vault,
        super::site::takers(handle),
        acks,
        clock,
        &door,
    )
    .await
    .unwrap();
    let state = wait_for(super::site::PATIENCE, || {
        Some(running.health.state()).filter(|state| state.last_error.is_some())
    });
    let state = state.expect("the refusal is reported");
    assert!(!state.ready);
    assert!(state.last_error.unwrap().contains("refused"));
    assert!(site.running.health.state().ready, "the good link is not disturbed");
    assert!(door.drain(super::site::PATIENCE).await && intake.drain(super::site::PATIENCE).await);
    site.stop().await;
}

/// More than the intake has room for, and more than the broker may send before the first is acknowledged.
const BACKLOG: u16 = 20_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_long_backlog_is_taken_over_one_connection_however_slow_the_database() {
    let device = Sold::new(0);
    let mosquitto = Mosquitto::start(&[device.account()]);
    let site = Site::linked(&mosquitto, std::slice::from_ref(&device)).await;
    site.stop().await;

    let mut client = connect(&mosquitto, &device);
    for seq in 1..=BACKLOG {
        client.publish(&device.topic("telemetry"), named(seq).as_bytes(), 1, seq, false);
        if seq % 500 == 0 {
            (0..500).for_each(|_| drop(client.expect(super::raw::PUBACK)));
        }
    }

    // The database is busy until the link has taken all that there is room for.
    let held = site.db.begin_write().await.unwrap();
    let site = site.reopen(&mosquitto).await;
    site.wait_ready(true);
    held.rollback().await.unwrap();
    site.wait_stored(&device, i64::from(BACKLOG)).await;
    let state = site.running.health.state();
    assert_eq!(
        (state.ready, state.last_error),
        (true, None),
        "the connection never broke"
    );
    site.stop().await;
}
