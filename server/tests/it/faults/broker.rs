//! The cable of the link to Mosquitto. Devices reach the broker by another.

use std::time::Duration;

use super::rig::{publish_until_acknowledged, stored, wait_stored, wait_told};
use crate::harness::mosquitto::{Mosquitto, SERVER};
use crate::harness::test_app::{Options, TestApp};
use crate::harness::wire::{Fault, Wire};

async fn readings_survive(fault: Fault) {
    // A broker that wants to hear from its clients often notices and is noticed soon.
    let mut mosquitto = Mosquitto::start_with(&[], "max_keepalive 10\n");
    let wire = Wire::to(mosquitto.address).await;
    let url = format!("mqtt://{}:{}@{}", SERVER.0, SERVER.1, wire.address);
    let app = TestApp::spawn_with(Options {
        broker: Some((url, mosquitto.address)),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let device = mina.devices[0].clone();
    mosquitto.add(&[(device.mqtt.username.clone(), device.mqtt.password.clone())]);
    wait_told(&app, 200, "broker", "ok").await;
    publish_until_acknowledged(mosquitto.address, device.clone(), 1).await;
    wait_stored(&app.db, device.serial, 1).await;

    wire.set(fault);
    if matches!(fault, Fault::Reset | Fault::Blackhole | Fault::HalfOpen) {
        wait_told(&app, 503, "broker", "unreachable").await;
    }
    // The broker takes it and keeps it for the server.
    publish_until_acknowledged(mosquitto.address, device.clone(), 2).await;
    if !matches!(fault, Fault::Late(_)) {
        assert_eq!(stored(&app.db, device.serial).await, 1, "it has not come through");
    }
    wire.set(Fault::Clear);
    wait_stored(&app.db, device.serial, 2).await;
    wait_told(&app, 200, "broker", "ok").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_link_is_slow() {
    readings_survive(Fault::Late(Duration::from_millis(200))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_link_that_is_cut() {
    readings_survive(Fault::Reset).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_link_that_swallows_everything() {
    readings_survive(Fault::Blackhole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_broker_that_is_gone_without_a_word() {
    readings_survive(Fault::HalfOpen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_link_of_a_byte_a_second() {
    readings_survive(Fault::Trickle).await;
}
