//! Who a device is at the broker: let in at once, under its own name only, until it is taken back. The same table of
//! hostile attempts against the embedded broker and against a real Mosquitto that the server itself keeps.

mod asking;
mod files;
mod fleet;
mod hostile;
mod keeping;

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use server::db::households::insert_household;
use server::products::Product;

use super::raw::{Heard, Hello, Level, Raw};
use super::site::poll;
use crate::harness::dynsec::Dynsec;
use crate::harness::test_app::{Options, TestApp};

const SHOP: &str = "a-token-of-the-shop-that-nobody-guesses";
/// Within this a connection opened with an old password is cut.
const AT_ONCE: Duration = Duration::from_secs(5);
/// How long nothing must be heard to believe that nothing comes.
const QUIET: Duration = Duration::from_millis(400);

async fn shop(broker: Option<(String, SocketAddr)>) -> TestApp {
    TestApp::spawn_with(Options {
        operator_token: Some(SHOP),
        broker,
        ..Options::default()
    })
    .await
}

/// A server whose devices come by a Mosquitto that it keeps itself.
async fn shop_at(broker: &Dynsec) -> TestApp {
    let app = shop(Some((broker.url(), broker.address))).await;
    wait_accounts(&app, "ok").await;
    app
}

async fn order(app: &TestApp, count: u32) -> Vec<Product> {
    let request = app
        .browser()
        .request(Method::POST, "/api/v1/products")
        .bearer_auth(SHOP);
    let answer = request
        .json(&json!({"count": count, "model": "x"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    answer.json().await.unwrap()
}

async fn take_back(app: &TestApp, product: &Product) -> Product {
    let path = format!("/api/v1/products/{}/return", product.serial);
    let request = app.browser().request(Method::POST, &path).bearer_auth(SHOP);
    request.send().await.unwrap().json().await.unwrap()
}

fn hello(product: &Product, level: Level) -> Hello<'_> {
    Hello::device(level, product.serial.as_str(), &product.mqtt.password)
}

/// Waits until `/readyz` says so of the broker's accounts, and that readings come in.
async fn wait_accounts(app: &TestApp, word: &str) {
    let browser = app.browser();
    let said = poll(async || {
        let answer: Value = browser.get("/readyz").await.json().await.ok()?;
        let comes_in = answer["broker"] == "ok" || word == "unreachable";
        (answer["accounts"] == word && comes_in).then_some(())
    });
    assert!(said.await.is_some(), "/readyz does not say {word:?}");
}

/// Waits until the broker lets a device in by these credentials, or no longer.
async fn wait_let_in(app: &TestApp, product: &Product, expected: bool) {
    let reached = poll(async || {
        let tried = Raw::try_connect(app.mqtt_addr, &hello(product, Level::V5));
        let is_in = matches!(tried, Ok((_, Heard::Packet(answer))) if answer.first == 0x20 && answer.body[1] == 0);
        (is_in == expected).then_some(())
    });
    assert!(
        reached.await.is_some(),
        "that the device is let in does not become {expected}"
    );
}

/// Gives all products to one home, so that what they measure is stored.
async fn bring_home(app: &TestApp) {
    let mut tx = app.db.begin_write().await.unwrap();
    let home = insert_household(&mut tx, "home", "UTC", false, app.now())
        .await
        .unwrap();
    sqlx::query("UPDATE devices SET household_id = ?")
        .bind(home.0)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn stored(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM readings")
        .fetch_one(app.db.pool())
        .await
        .unwrap()
}
