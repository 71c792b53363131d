//! Ten thousand devices: readings come in again soon after the broker has restarted.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::pbkdf2::{PBKDF2_HMAC_SHA512, derive};
use serde_json::{Value, json};
use server::products::Product;
use tokio::time::Instant;

use super::{bring_home, hello, order, shop_at, stored, wait_accounts};
use crate::doors::raw::{Level, Raw};
use crate::doors::site::poll;
use crate::harness::dynsec::Dynsec;
use crate::harness::test_app::TestApp;

/// Within this everything that devices send is stored again.
const SOON: Duration = Duration::from_secs(15);
/// Of so many devices one speaks.
const EVERY: usize = 1000;

/// As the plugin stores a password: PBKDF2-HMAC-SHA512, 101 rounds.
fn hash(password: &str) -> Value {
    let (salt, mut out) = ([7; 12], [0; 64]);
    let rounds = NonZeroU32::new(101).unwrap();
    derive(PBKDF2_HMAC_SHA512, rounds, &salt, password.as_bytes(), &mut out);
    json!({"password": STANDARD.encode(out), "salt": STANDARD.encode(salt), "iterations": 101})
}

/// By serial, what tells the generations of a password apart.
async fn marks(app: &TestApp) -> HashMap<String, String> {
    let marks = sqlx::query_as("SELECT serial, SUBSTR(password_hash, 1, 16) FROM devices");
    let rows: Vec<(String, String)> = marks.fetch_all(app.db.pool()).await.unwrap();
    rows.into_iter().collect()
}

/// The accounts of all products, in the likeness of the one that the server has made.
fn fill(accounts: &mut Value, pattern: &str, products: &[Product], marks: &HashMap<String, String>) {
    let find = |list: &str, key: &str, name: &str| {
        let mut entries = accounts[list].as_array().unwrap().iter();
        entries.find(|entry| entry[key] == name).unwrap().to_string()
    };
    let (client, role) = (
        find("clients", "username", pattern),
        find("roles", "rolename", &format!("device-{pattern}")),
    );
    let any = hash("any");
    for (place, product) in products.iter().enumerate() {
        let name = product.serial.to_string();
        let text = client.replace(pattern, &name).replace(&marks[pattern], &marks[&name]);
        let mut client: Value = serde_json::from_str(&text).unwrap();
        let secret = if place % EVERY == 0 {
            hash(&product.mqtt.password)
        } else {
            any.clone()
        };
        for (key, value) in secret.as_object().unwrap() {
            client[key] = value.clone();
        }
        accounts["clients"].as_array_mut().unwrap().push(client);
        let role = serde_json::from_str(&role.replace(pattern, &name)).unwrap();
        accounts["roles"].as_array_mut().unwrap().push(role);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_ten_thousand_devices_readings_come_in_again_soon_after_a_restart() {
    let mut broker = Dynsec::start();
    let app = shop_at(&broker).await;
    let pattern = order(&app, 1).await.remove(0).serial.to_string();
    broker.kill9();
    let mut products = Vec::new();
    for _ in 0..10 {
        products.extend(app.products(1000).await);
    }
    bring_home(&app).await;
    let confirm = sqlx::query("UPDATE devices SET pending = 0");
    confirm.execute(app.db.pool()).await.unwrap();
    let marks = marks(&app).await;
    broker.restart_with(|accounts| fill(accounts, &pattern, &products, &marks));

    let began = Instant::now();
    // Devices keep what nobody has acknowledged; these here do not, so they wait until there is somebody to hear them.
    let browser = app.browser();
    let listens = poll(async || (browser.get("/readyz").await.status() == 200).then_some(()));
    assert!(listens.await.is_some());
    for product in products.iter().step_by(EVERY) {
        let mut device = Raw::connect(app.mqtt_addr, &hello(product, Level::V5));
        device.publish_and_wait(&format!("templog/v1/{}/telemetry", product.serial), b"{\"t\":20}", 1);
    }
    assert!(poll(async || (stored(&app).await == 10).then_some(())).await.is_some());
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    wait_accounts(&app, "ok").await;
    println!("all accounts compared {:?} after the restart", began.elapsed());
}
