//! The cable to MariaDB.

use std::time::Duration;

use server::config::SecretKey;
use server::db::Db;
use tokio::time::timeout;
use url::Url;

use super::rig::{publish_until_acknowledged, stored, wait_told};
use crate::harness::mariadb::MariaDb;
use crate::harness::test_app::{Options, TestApp};
use crate::harness::wire::{Fault, Wire};

/// Long enough for an acknowledgement that should not come.
const QUIET: Duration = Duration::from_millis(700);

async fn readings_survive(fault: Fault) {
    let direct = MariaDb::shared().create_database();
    let mut url: Url = direct.parse().unwrap();
    let target = format!("127.0.0.1:{}", url.port().unwrap()).parse().unwrap();
    let wire = Wire::to(target).await;
    url.set_port(Some(wire.address.port())).unwrap();
    let app = TestApp::spawn_with(Options {
        database_url: Some(url.into()),
        secret_key: Some(SecretKey::generate()),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let (device, db) = (mina.devices[0].clone(), Db::connect(&direct).await.unwrap());
    publish_until_acknowledged(app.mqtt_addr, device.clone(), 1).await;

    wire.set(fault);
    let mut sending = tokio::spawn(publish_until_acknowledged(app.mqtt_addr, device.clone(), 2));
    if !matches!(fault, Fault::Late(_)) {
        wait_told(&app, 503, "database", "unreachable").await;
        assert!(timeout(QUIET, &mut sending).await.is_err(), "no false acknowledgement");
        assert_eq!(stored(&db, device.serial).await, 1);
    }
    wire.set(Fault::Clear);
    sending.await.unwrap();
    assert_eq!(stored(&db, device.serial).await, 2, "once, however often it was sent");
    wait_told(&app, 200, "database", "ok").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_cable_to_the_database_makes_readings_slow() {
    readings_survive(Fault::Late(Duration::from_millis(100))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_cable_to_the_database_that_is_cut() {
    readings_survive(Fault::Reset).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_cable_to_the_database_that_swallows_everything() {
    readings_survive(Fault::Blackhole).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_database_that_is_gone_without_a_word() {
    readings_survive(Fault::HalfOpen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_survive_a_cable_to_the_database_of_a_byte_a_second() {
    readings_survive(Fault::Trickle).await;
}
