//! `/operator`: what the shop's people do in a browser.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::StatusCode;
use serde_json::json;

use crate::harness::browser::Browser;
use crate::harness::test_app::{PASSWORD, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const KEY: &str = "0123456789abcdef0123456789abcdef";

async fn operator(app: &TestApp) -> Browser {
    app.account("vera@shop.example", true).await;
    let browser = app.browser();
    browser.sign_in("vera@shop.example", PASSWORD).await;
    browser
}

/// Sends the form; where it leads to.
async fn order(browser: &Browser, count: &str, model: &str, key: &str) -> String {
    let fields = [("count", count), ("model", model), ("key", key)];
    let answer = browser.post_form("/operator/products", &fields).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn text(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.text().await.unwrap()
}

/// Lines of the CSV after its header, cut at the commas: none of our addresses holds one.
async fn csv(browser: &Browser, order: &str) -> Vec<Vec<String>> {
    let csv = text(browser, &format!("{order}/products.csv")).await;
    let lines = csv.lines().skip(1);
    let cut = |line: &str| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
    lines.map(cut).collect()
}

async fn products(app: &TestApp) -> i64 {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM devices");
    count.fetch_one(app.db.pool()).await.unwrap()
}

#[tokio::test]
async fn what_an_operator_makes_is_on_its_page_in_the_csv_and_on_the_labels() {
    let app = TestApp::spawn().await;
    let vera = operator(&app).await;

    let made = order(&vera, "3", "DHT22-ESP32", KEY).await;

    let (page, labels) = (text(&vera, &made).await, text(&vera, &format!("{made}/labels")).await);
    let lines = csv(&vera, &made).await;
    assert_eq!((lines.len(), products(&app).await), (3, 3));
    for line in &lines {
        let [serial, code, url, client, user, password, claim] = line.as_slice() else {
            panic!("seven columns: {line:?}");
        };
        assert_eq!((client, user), (serial, serial));
        assert!(url.starts_with("mqtt://"), "{url}");
        assert_eq!(claim, &format!("http://localhost/claim?serial={serial}&code={code}"));
        assert!(page.contains(serial) && page.contains(code) && page.contains(password));
        assert!(labels.contains(serial) && labels.contains(code));
        assert!(!labels.contains(password), "nobody sticks a password on a device");
    }
    assert_eq!(labels.matches("class=\"label__qr\"").count(), 3);
    assert!(text(&vera, "/operator").await.contains(&lines[0][0]));
}

#[tokio::test]
async fn a_product_from_the_console_connects_at_once_with_the_password_of_its_csv() {
    let app = TestApp::spawn().await;
    let vera = operator(&app).await;
    let made = order(&vera, "1", "DHT22-ESP32", KEY).await;
    let line = csv(&vera, &made).await.remove(0);
    let mina = app.resident("mina@home.example", 0).await;
    let home = app.signed_in(&mina).await;
    let (serial, code) = (line[0].as_str(), line[1].as_str());
    let fields = [("serial", serial), ("code", code), ("name", "Attic"), ("zone", "UTC")];
    let claimed = home.post_form("/claim", &fields).await;
    assert_eq!(claimed.headers()["location"], format!("/devices/{serial}"));

    let mut product = app.products(1).await.remove(0);
    product.serial = serial.parse().unwrap();
    product.mqtt.client_id = serial.to_owned();
    product.mqtt.username = serial.to_owned();
    product.mqtt.password.clone_from(&line[5]);
    app.publish(&product, json!({"at": app.now().as_millis(), "t": 21.5, "h": 50.0}))
        .await;

    let current = home.json(&format!("/api/v1/devices/{serial}/current")).await;
    assert!(current.to_string().contains("21.5"), "{current}");
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_its_products_once() {
    let app = TestApp::spawn().await;
    let vera = operator(&app).await;
    let first = order(&vera, "2", "DHT22-ESP32", KEY).await;
    assert_eq!(order(&vera, "2", "DHT22-ESP32", KEY).await, first);
    assert_eq!(
        order(&vera, "5", "DHT22-ESP32", KEY).await,
        "/operator",
        "another order"
    );
    assert_eq!(products(&app).await, 2);
}

#[tokio::test]
async fn an_impossible_order_is_told_beside_its_field() {
    let app = TestApp::spawn().await;
    let vera = operator(&app).await;
    for (count, model, field) in [("0", "x", "count"), ("many", "x", "count"), ("1", " ", "model")] {
        assert_eq!(order(&vera, count, model, KEY).await, "/operator");
        let page = text(&vera, "/operator").await;
        assert!(page.contains(&format!("id=\"{field}-problem\"")), "{count} {model}");
    }
    assert_eq!(products(&app).await, 0);
}

#[tokio::test]
async fn secrets_are_gone_after_a_day() {
    let app = TestApp::spawn_at(START).await;
    let vera = operator(&app).await;
    let made = order(&vera, "1", "DHT22-ESP32", KEY).await;
    app.advance(Duration::from_secs(24 * 3600 + 1));
    vera.sign_in("vera@shop.example", PASSWORD).await;
    for path in [made.clone(), format!("{made}/labels"), format!("{made}/products.csv")] {
        assert_eq!(vera.get(&path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_product_is_found_by_a_part_of_its_serial() {
    let app = TestApp::spawn().await;
    let vera = operator(&app).await;
    let made = app.products(2).await;
    let (wanted, other) = (made[0].serial.to_string(), made[1].serial.to_string());
    let page = text(&vera, &format!("/operator?search={}", wanted[3..].to_lowercase())).await;
    assert!(page.contains(&wanted) && !page.contains(&other));
}

#[tokio::test]
async fn the_console_opens_to_an_operators_browser_and_not_to_their_script_or_to_anybody_else() {
    let app = TestApp::spawn().await;
    let vera = app.account("vera@shop.example", true).await;
    let mina = app.resident("mina@home.example", 0).await;
    let home = app.signed_in(&mina).await;
    assert_eq!(home.get("/operator").await.status(), StatusCode::FORBIDDEN);
    assert!(!text(&home, "/settings").await.contains("/operator"));

    let token = app.token(vera).await;
    let script = app
        .browser()
        .request(reqwest::Method::GET, "/operator")
        .bearer_auth(token);
    assert_eq!(script.send().await.unwrap().status(), StatusCode::FORBIDDEN);

    let browser = app.browser();
    browser.sign_in("vera@shop.example", PASSWORD).await;
    assert!(text(&browser, "/settings").await.contains("href=\"/operator\""));
}

#[tokio::test]
async fn the_page_of_health_says_what_the_metrics_say() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 2).await;
    app.publish(&mina.devices[0], json!({"t": 21.5})).await;
    let vera = operator(&app).await;

    let (page, metrics) = (text(&vera, "/operator/health").await, text(&vera, "/metrics").await);
    for line in [
        "templog_devices{presence=\"online\"} ",
        "templog_devices{presence=\"never-seen\"} ",
        "templog_outbox_waiting ",
        "templog_outbox_oldest_seconds ",
        "templog_intake_waiting ",
        "templog_intake_stuck ",
        "templog_door_open ",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert!(page.contains(&mina.serial(0)), "what takes disk is named");
    assert!(!page.contains(&mina.serial(1)), "what takes none is not");
    assert!(!page.contains("mina@"), "nobody's home is shown");
    assert!(!page.contains("vitals__trouble"), "all is well");
    assert!(text(&vera, "/operator").await.contains("/operator/health"));
}
