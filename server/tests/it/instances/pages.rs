//! What pages show, wherever a reading came in.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::pair::{Pair, wait_ready, wait_shown, wait_shown_at_once};

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_is_on_the_pages_of_every_instance_within_a_second() {
    let pair = Pair::start().await;
    let [mut first, mut second] = pair.open_pages().await;
    // The broker gives each reading to one of the two, in turn.
    for t in [21.0, 21.5, 22.0, 22.5] {
        pair.measure(t).await;
        wait_shown_at_once(&mut first, t).await;
        wait_shown_at_once(&mut second, t).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_pages_are_slower_and_never_wrong() {
    let mut pair = Pair::start().await;
    let [mut first, mut second] = pair.open_pages().await;

    pair.redis.kill9();
    for app in [&pair.first, &pair.second] {
        wait_ready(app, "relay", "unreachable").await;
        assert_eq!(
            app.browser().get("/readyz").await.status(),
            200,
            "readings still come in"
        );
    }
    for t in [23.0, 23.5] {
        pair.measure(t).await;
        wait_shown(&mut first, t).await;
        wait_shown(&mut second, t).await;
    }

    pair.redis.restart();
    for app in [&pair.first, &pair.second] {
        wait_ready(app, "relay", "ok").await;
    }
    for t in [24.0, 24.5] {
        pair.measure(t).await;
        wait_shown_at_once(&mut first, t).await;
        wait_shown_at_once(&mut second, t).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_claimed_at_one_instance_is_on_the_open_pages_of_the_other() {
    let pair = Pair::start().await;
    let [_, mut second] = pair.open_pages().await;
    let product = pair.first.products(1).await.remove(0);
    let browser = pair.first.signed_in(&pair.mina).await;
    let body = json!({"serial": product.serial, "claim_code": product.claim_code, "name": "거실"});
    let claim = browser.request(Method::POST, "/api/v1/devices/claim").json(&body);
    let answer = claim.header("origin", browser.origin()).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());

    let told = second.wait_for(|message| message["serial"] == json!(product.serial));
    // Far sooner than the page would look for itself.
    tokio::time::timeout(Duration::from_secs(5), told)
        .await
        .expect("the page is told of its new device");
}
