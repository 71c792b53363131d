//! A real broker that goes away and comes back, and our own restart: nobody is called silent who could not be heard.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::{Value, json};

use crate::doors::site::poll;
use crate::harness::browser::Browser;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::test_app::{Options, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// Polls the API until its answer is as it should be.
async fn wait_until(browser: &Browser, path: &str, ready: impl Fn(&Value) -> bool) -> Value {
    let found = poll(async || Some(browser.json(path).await).filter(&ready)).await;
    match found {
        Some(found) => found,
        None => panic!("{path} stays {}", browser.json(path).await),
    }
}

async fn wait_readyz(browser: &Browser, status: u16) {
    let reached = poll(async || (browser.get("/readyz").await.status() == status).then_some(())).await;
    assert!(reached.is_some(), "/readyz does not become {status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_was_away_for_an_hour_makes_no_device_silent() {
    let mut mosquitto = tokio::task::spawn_blocking(|| Mosquitto::start(&[])).await.unwrap();
    let app = TestApp::spawn_with(Options {
        stopped_at: Some(START),
        broker: Some((mosquitto.url(), mosquitto.address)),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    let device = &mina.devices[0];
    mosquitto.add(&[(device.mqtt.username.clone(), device.mqtt.password.clone())]);
    let browser = app.signed_in(&mina).await;
    wait_readyz(&browser, 200).await;
    let current = format!("/api/v1/devices/{}/current", mina.serial(0));
    let rules = format!("/devices/{}/alerts", mina.serial(0));
    let rule = [("kind", "offline"), ("minutes", "5"), ("enabled", "on")];
    assert_eq!(browser.post_form(&rules, &rule).await.status(), 303);
    app.publish(device, json!({"at": START.as_millis(), "t": 21.0, "h": 50}))
        .await;
    wait_until(&browser, &current, |now| now["presence"] == "online").await;

    mosquitto.kill9();
    wait_readyz(&browser, 503).await;
    app.advance(Duration::from_hours(1));
    // Late, and not offline: that we hear nothing is not the device's doing.
    wait_until(&browser, &current, |now| now["presence"] == "late").await;
    let mosquitto = tokio::task::spawn_blocking(move || {
        mosquitto.restart();
        mosquitto
    });
    let mosquitto = mosquitto.await.unwrap();
    wait_readyz(&browser, 200).await;
    assert_eq!(browser.json("/api/v1/alerts").await, json!([]));
    assert_eq!(browser.json(&current).await["presence"], "late");

    // It has its full time from now on, and is missed after that.
    let back = app.now();
    app.advance(Duration::from_secs(301));
    let log = wait_until(&browser, "/api/v1/alerts", |log| *log != json!([])).await;
    assert_eq!(log[0]["fired_at"], back.plus_millis(300_000).as_millis());
    assert_eq!(
        log[0]["from_at"],
        START.as_millis(),
        "it was last heard before the outage"
    );
    assert_eq!(browser.json(&current).await["presence"], "offline");
    app.stop().await;
    drop(mosquitto);
}

#[tokio::test]
async fn after_a_restart_neither_page_nor_api_calls_a_device_offline_before_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let url = server::db::sqlite_url(&dir.path().join("templog.db"));
    let options = |at: Timestamp| Options {
        stopped_at: Some(at),
        database_url: Some(url.clone()),
        ..Options::default()
    };
    let app = TestApp::spawn_with(options(START)).await;
    let mina = app.resident("mina@home.example", 1).await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis(), "t": 21.0, "h": 50}))
        .await;
    app.stop().await;

    let app = TestApp::spawn_with(options(START.plus_millis(7_200_000))).await;
    let browser = app.signed_in(&mina).await;
    let current = format!("/api/v1/devices/{}/current", mina.serial(0));
    assert_eq!(browser.json(&current).await["presence"], "late");
    let home = browser.get("/").await.text().await.unwrap();
    assert!(home.contains("방들의 소식을 기다리고 있어요"), "{home}");
    assert!(home.contains("card--stale"), "its value is old all the same: {home}");
    app.advance(Duration::from_secs(301));
    assert_eq!(browser.json(&current).await["presence"], "offline");
    let home = browser.get("/").await.text().await.unwrap();
    assert!(home.contains("소식이 없어요"), "{home}");
    app.stop().await;
}
