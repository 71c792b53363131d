//! `POST /api/v1/products`.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::harness::test_app::{Options, TestApp};

const SHOP: &str = "a-token-of-the-shop-that-nobody-guesses";

async fn order(app: &TestApp, order: Value) -> Response {
    let request = app
        .browser()
        .request(Method::POST, "/api/v1/products")
        .bearer_auth(SHOP);
    request.json(&order).send().await.expect("the server answers")
}

async fn shop() -> TestApp {
    TestApp::spawn_with(Options {
        operator_token: Some(SHOP),
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn the_shop_gets_everything_that_goes_into_the_box() {
    let app = shop().await;

    let answer = order(&app, json!({"count": 3, "model": "DHT22-ESP32"})).await;

    assert_eq!(answer.status(), StatusCode::CREATED);
    let products: Value = answer.json().await.unwrap();
    assert_eq!(products.as_array().unwrap().len(), 3);
    for product in products.as_array().unwrap() {
        let serial = product["serial"].as_str().unwrap();
        let code = product["claim_code"].as_str().unwrap();
        assert!(serial.starts_with("TL-") && serial.len() == 11, "{serial}");
        assert_eq!(
            product["claim_url"],
            format!("http://localhost/claim?serial={serial}&code={code}")
        );
        let mqtt = &product["mqtt"];
        assert_eq!(
            (&mqtt["client_id"], &mqtt["username"]),
            (&json!(serial), &json!(serial))
        );
        assert!(mqtt["password"].as_str().unwrap().len() >= 43, "256 bits");
        assert!(mqtt["url"].as_str().unwrap().starts_with("mqtt://localhost:"), "{mqtt}");
    }
}

#[tokio::test]
async fn an_impossible_order_makes_nothing() {
    let app = shop().await;
    let wrong = [
        json!({"count": 0, "model": "x"}),
        json!({"count": 1001, "model": "x"}),
        json!({"count": -1, "model": "x"}),
        json!({"count": 1, "model": " "}),
        json!({"count": 1, "model": "x".repeat(81)}),
        json!({"count": 1}),
        json!(null),
    ];
    for wrong in wrong {
        assert_eq!(
            order(&app, wrong.clone()).await.status(),
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM devices")
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    assert_eq!(made, 0);
}
