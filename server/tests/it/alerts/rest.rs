//! The same by the API, in the contract's own words.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::browser::Browser;
use crate::harness::test_app::TestApp;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

async fn call(browser: &Browser, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let request = browser
        .request(method, path)
        .header("origin", browser.origin())
        .json(&body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_rule_of_the_contract_is_made_changed_and_deleted() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/api/v1/devices/{}/rules", mina.serial(0));
    let rule = json!({
        "kind": "above", "metric": "h", "limit": 60.0, "hysteresis": 2.0, "hold_s": 120,
        "channels": ["email"], "repeat_s": 600, "quiet": {"from": "23:00", "to": "07:00", "override": true},
    });
    let (status, made) = call(&browser, Method::POST, &rules, rule.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    for (name, value) in rule.as_object().unwrap() {
        assert_eq!(&made[name], value, "{name}");
    }
    assert_eq!((&made["enabled"], &made["state"]), (&json!(true), &json!("normal")));

    let one = format!("/api/v1/rules/{}", made["id"]);
    let (status, changed) = call(&browser, Method::PATCH, &one, json!({"limit": 65.0, "quiet": null})).await;
    assert_eq!(
        (status, &changed["limit"], &changed["quiet"]),
        (StatusCode::OK, &json!(65.0), &Value::Null)
    );
    assert_eq!(changed["hold_s"], 120, "what is left out stays");

    let (status, _) = call(&browser, Method::DELETE, &one, json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(browser.json(&rules).await, json!([]));
    app.stop().await;
}

#[tokio::test]
async fn numbers_that_make_no_sense_are_refused_by_name() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/api/v1/devices/{}/rules", mina.serial(0));
    for (rule, field) in [
        (json!({"kind": "above", "metric": "h", "limit": 600.0}), "limit"),
        (
            json!({"kind": "change", "metric": "t", "delta": 5.0, "window_s": 1}),
            "window_s",
        ),
        (json!({"kind": "sometimes"}), "kind"),
        (json!({"kind": "offline", "after_s": 300, "hold_s": 5}), "kind"),
        (json!({"kind": "offline", "after_s": 300, "repeat_s": 1}), "repeat_s"),
        (
            json!({"kind": "offline", "after_s": 300, "quiet": {"from": "noon", "to": "07:00"}}),
            "quiet",
        ),
    ] {
        let (status, problem) = call(&browser, Method::POST, &rules, rule.clone()).await;
        assert_eq!(
            (status, &problem["field"]),
            (StatusCode::BAD_REQUEST, &json!(field)),
            "{rule}: {problem}"
        );
    }
    app.stop().await;
}

#[tokio::test]
async fn the_life_of_an_alert_is_told_from_pending_to_cleared() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let rules = format!("/api/v1/devices/{}/rules", mina.serial(0));
    let rule = json!({"kind": "above", "metric": "t", "limit": 30.0, "hysteresis": 1.0, "hold_s": 60});
    call(&browser, Method::POST, &rules, rule).await;
    let minute = async |t: f64| {
        app.advance(Duration::from_mins(1));
        let reading = json!({"at": app.now().as_millis(), "t": t, "h": 50.0});
        app.publish(&mina.devices[0], reading).await;
    };
    let state = async || {
        let rules = browser.json(&rules).await;
        let own = rules
            .as_array()
            .unwrap()
            .iter()
            .find(|rule| rule["kind"] == "above")
            .cloned();
        own.unwrap()["state"].clone()
    };
    minute(31.0).await;
    assert_eq!(state().await, "pending");
    minute(31.5).await;
    assert_eq!(state().await, "active");
    let alert = browser.json("/api/v1/alerts").await[0].clone();
    assert_eq!((&alert["state"], &alert["value"]), (&json!("active"), &json!(31.5)));

    let (status, known) = call(
        &browser,
        Method::POST,
        &format!("/api/v1/alerts/{}/ack", alert["id"]),
        json!({}),
    )
    .await;
    assert_eq!((status, &known["state"]), (StatusCode::OK, &json!("acknowledged")));
    assert_eq!(known["acknowledged_by"], "mina@home.example");

    minute(28.0).await;
    let alert = browser.json("/api/v1/alerts").await[0].clone();
    assert_eq!(
        (&alert["state"], &alert["cleared_value"]),
        (&json!("cleared"), &json!(28.0))
    );
    assert_eq!(alert["notices"][0]["what"], "fired");
    app.stop().await;
}
