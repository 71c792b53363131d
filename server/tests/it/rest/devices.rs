//! `/api/v1/devices` and `…/current`.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::json;

use crate::harness::test_app::TestApp;

/// 2026-11-20 17:00 in Seoul, where new devices are.
const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

#[tokio::test]
async fn devices_are_listed_with_their_newest_reading() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 2).await;
    let at = START.as_millis() - 1_000;
    app.publish(
        &mina.devices[0],
        json!({"boot": 1, "seq": 1, "at": at, "t": 24.6, "h": 58.2}),
    )
    .await;
    let browser = app.signed_in(&mina).await;

    let devices = browser.json("/api/v1/devices").await;

    let (first, second) = (mina.serial(0), mina.serial(1));
    let zone = "Asia/Seoul";
    let expected = json!([
        {"serial": first, "name": first, "room": "", "position": 0, "zone": zone, "t_offset": 0.0, "h_offset": 0.0,
         "interval_s": 60, "at": at, "t": 24.6, "h": 58.2, "presence": "online"},
        {"serial": second, "name": second, "room": "", "position": 0, "zone": zone, "t_offset": 0.0, "h_offset": 0.0,
         "interval_s": 60, "at": null, "t": null, "h": null, "presence": "never-seen"},
    ]);
    assert_eq!(devices, expected);
    assert_eq!(browser.json(&format!("/api/v1/devices/{first}")).await, expected[0]);
}

#[tokio::test]
async fn current_says_now_and_today_by_the_devices_own_calendar() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let four = START.as_millis() - 3_600_000;
    let readings = json!([
        {"at": four, "t": 20.0, "h": 50.0},
        {"at": four + 60_000, "t": 22.0, "h": 52.0},
        {"at": four + 600_000, "t": 24.0, "h": 54.0},
    ]);
    app.publish(&mina.devices[0], readings).await;
    let browser = app.signed_in(&mina).await;

    let current = browser
        .json(&format!("/api/v1/devices/{}/current", mina.serial(0)))
        .await;

    // Weights of 60, 180 and 180 seconds (the cap is three intervals), and 17 hours since midnight.
    let today = json!({
        "t_avg": 9_480.0 / 420.0, "t_min": 20.0, "t_max": 24.0,
        "h_avg": 22_080.0 / 420.0, "h_min": 50.0, "h_max": 54.0,
        "coverage": 420.0 / 61_200.0,
    });
    let serial = mina.serial(0);
    // Late, not offline: the server has only just begun to listen.
    let expected = json!({
        "serial": serial, "name": serial, "at": four + 600_000, "t": 24.0, "h": 54.0, "presence": "late", "today": today,
    });
    assert_eq!(current, expected);
}

#[tokio::test]
async fn a_device_that_has_said_nothing_yet_has_a_today_of_nulls() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let current = browser
        .json(&format!("/api/v1/devices/{}/current", mina.serial(0)))
        .await;
    let nothing = json!({
        "t_avg": null, "t_min": null, "t_max": null, "h_avg": null, "h_min": null, "h_max": null, "coverage": 0.0,
    });
    assert_eq!(current["today"], nothing);
    assert_eq!(current["presence"], "never-seen");
}

#[tokio::test]
async fn a_silent_device_is_late_and_then_offline() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis(), "t": 21.0}))
        .await;
    let browser = app.signed_in(&mina).await;
    let path = format!("/api/v1/devices/{}/current", mina.serial(0));
    for (seconds, presence) in [(150, "online"), (1, "late"), (149, "late"), (1, "offline")] {
        app.advance(Duration::from_secs(seconds));
        let current = browser.json(&path).await;
        assert_eq!((&current["presence"], &current["t"]), (&json!(presence), &json!(21.0)));
    }
}
