//! A rule switches the lamp of its device: one way while it is active, the other way afterwards, whatever happens between.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use server::db::errands::{Outcome, find_latest_errand};

use super::rig::{Home, at_both_doors};
use crate::doors::site::poll;
use crate::harness::browser::Browser;
use crate::harness::flashed::{Flashed, Manner, honest};
use crate::harness::mariadb::MariaDb;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::test_app::{Options, TestApp};
use crate::instances::pair::wait_ready;

/// Dark below 300, light again from 350 on.
const NIGHT_LIGHT: &str = r#"{"kind":"below","metric":"light","limit":300,"hysteresis":50,"channels":[],"lamp":true}"#;

async fn rule(home: &Home, rule: &str) -> i64 {
    make_rule(&home.browser, &home.serial(), rule).await
}

/// Makes a rule; its number.
async fn make_rule(browser: &Browser, serial: &str, rule: &str) -> i64 {
    let path = format!("/api/v1/devices/{serial}/rules");
    let request = browser.request(Method::POST, &path).header("origin", browser.origin());
    let request = request.header("content-type", "application/json");
    let answer = request.body(rule.to_owned()).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 201, "{text}");
    let made: Value = serde_json::from_str(&text).unwrap();
    made["id"].as_i64().unwrap()
}

async fn stored(home: &Home) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM readings");
    count.fetch_one(home.app.db.pool()).await.unwrap()
}

/// The device measures; returns when it is stored, and so all rules have been asked.
async fn measure(home: &Home, device: &Flashed, light: u16) {
    let before = stored(home).await;
    device.measure(&json!({"t": 21.5, "light": light}).to_string()).await;
    let is_stored = poll(async || (stored(home).await > before).then_some(())).await;
    assert!(is_stored.is_some(), "the reading is stored");
}

async fn expect_lamp(device: &mut Flashed, on: bool) {
    let heard = device.next().await;
    assert_eq!((heard.name.as_str(), &heard.payload["on"]), ("led", &json!(on)));
}

/// Waits until the newest errand of the lamp has this outcome.
async fn wait_outcome(app: &TestApp, outcome: Outcome) {
    let found = poll(async || {
        let id: i64 = sqlx::query_scalar("SELECT MIN(id) FROM devices")
            .fetch_one(app.db.pool())
            .await
            .ok()?;
        let latest = find_latest_errand(&app.db, server::db::DeviceId(id), "led")
            .await
            .ok()??;
        (latest.outcome == Some(outcome)).then_some(())
    });
    assert!(found.await.is_some(), "the lamp's errand does not become {outcome:?}");
}

at_both_doors! {
    async fn a_light_goes_on_when_it_is_dark_and_off_when_it_is_light_and_does_not_flicker_between(home: Home) {
        let mut device = home.device(honest).await;
        rule(&home, NIGHT_LIGHT).await;
        measure(&home, &device, 500).await;
        measure(&home, &device, 280).await;
        expect_lamp(&mut device, true).await;
        for light in [290, 320, 299, 345] {
            measure(&home, &device, light).await;
        }
        measure(&home, &device, 400).await;
        expect_lamp(&mut device, false).await;
        wait_outcome(&home.app, Outcome::Done).await;
        assert!(device.so_far().is_empty(), "nothing between the two");

        let log = home.browser.get("/alerts").await.text().await.unwrap();
        assert!(log.contains("밝기"), "the log says what happened");
        assert_eq!(log.matches("기기가 했어요").count(), 2, "and what the device did about it");
    }

    async fn of_what_a_device_missed_it_is_told_only_the_last(home: Home) {
        let device = home.device(honest).await;
        rule(&home, NIGHT_LIGHT).await;
        drop(device);
        home.wait_away().await;
        // By another connection of the device that hears nothing: it goes before it could be told.
        for light in [280, 400, 250] {
            home.app.publish(home.product(), json!({"t": 21.5, "light": light})).await;
        }
        let mut back = home.device(honest).await;
        let mut heard = Vec::new();
        while heard.last() != Some(&json!(true)) {
            heard.push(back.next().await.payload["on"].clone());
        }
        assert_eq!(heard, [json!(true)]);
        wait_outcome(&home.app, Outcome::Done).await;
        assert!(back.so_far().is_empty());
    }

    async fn a_rule_that_is_taken_away_leaves_no_light_on(home: Home) {
        let mut device = home.device(honest).await;
        let id = rule(&home, NIGHT_LIGHT).await;
        measure(&home, &device, 100).await;
        expect_lamp(&mut device, true).await;
        let request = home.browser.request(Method::DELETE, &format!("/api/v1/rules/{id}"));
        let removed = request.header("origin", home.browser.origin()).send().await.unwrap();
        assert_eq!(removed.status(), 204);
        expect_lamp(&mut device, false).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_humid_room_may_switch_its_output_off_and_on_again() {
    let home = Home::embedded().await;
    let mut device = home.device(honest).await;
    rule(
        &home,
        r#"{"kind":"above","metric":"h","limit":60,"hysteresis":5,"lamp":false}"#,
    )
    .await;
    device.measure(r#"{"t":21.5,"h":70}"#).await;
    expect_lamp(&mut device, false).await;
    device.measure(r#"{"t":21.5,"h":50}"#).await;
    expect_lamp(&mut device, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rule_wanted_outlives_a_restart_of_the_server() {
    let mut mosquitto = Mosquitto::start(&[]);
    let database_url = MariaDb::shared().create_database();
    let key = server::config::SecretKey::generate();
    let options = || Options {
        database_url: Some(database_url.clone()),
        broker: Some((mosquitto.url(), mosquitto.address)),
        secret_key: Some(key.clone()),
        ..Options::default()
    };
    let (first, second) = (options(), options());
    let app = TestApp::spawn_with(first).await;
    let owner = app.resident("mina@home.example", 1).await;
    let account = &owner.devices[0].mqtt;
    mosquitto.add(&[(account.username.clone(), account.password.clone())]);
    wait_ready(&app, "broker", "ok").await;
    let browser = app.signed_in(&owner).await;
    make_rule(&browser, &owner.serial(0), NIGHT_LIGHT).await;
    app.publish(&owner.devices[0], json!({"t": 21.5, "light": 100})).await;
    let is_wanted = poll(async || {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM errands")
            .fetch_one(app.db.pool())
            .await
            .ok()?;
        (count == 1).then_some(())
    });
    assert!(is_wanted.await.is_some(), "the rule wants the lamp on");
    app.stop().await;

    let app = TestApp::spawn_with(second).await;
    wait_ready(&app, "broker", "ok").await;
    let mut device = Flashed::connect(&app, &owner.devices[0], honest as Manner).await;
    expect_lamp(&mut device, true).await;
    wait_outcome(&app, Outcome::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_away_for_a_day_is_not_told_of_yesterday() {
    let app = TestApp::spawn_at(Timestamp::from_millis(1_795_161_600_000)).await;
    let owner = app.resident("mina@home.example", 1).await;
    let device = Flashed::connect(&app, &owner.devices[0], honest).await;
    let browser = app.signed_in(&owner).await;
    make_rule(&browser, &owner.serial(0), NIGHT_LIGHT).await;
    drop(device);
    app.publish(&owner.devices[0], json!({"t": 21.5, "light": 100})).await;
    app.advance(Duration::from_hours(25));
    wait_outcome(&app, Outcome::Expired).await;
}
