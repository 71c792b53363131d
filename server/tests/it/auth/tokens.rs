//! Bearer tokens: personal ones, and the shop's.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::test_app::{Options, TestApp};

const SHOP: &str = "a-token-of-the-shop-that-nobody-guesses";

#[tokio::test]
async fn a_personal_token_sees_what_its_owner_sees() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 2).await;
    let token = app.token(mina.id).await;
    let ask = |token: &str| {
        let request = app.browser().request(Method::GET, "/api/v1/devices");
        request.header("authorization", format!("bearer {token}")).send()
    };

    let devices: Value = ask(&token).await.unwrap().json().await.unwrap();

    assert_eq!(devices.as_array().unwrap().len(), 2);
    for wrong in [
        "tl_",
        "",
        "tl_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        &token[3..],
        &format!("{token}x"),
    ] {
        let refused = ask(wrong).await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(refused.headers()["www-authenticate"], "Bearer");
    }
    let noted: Option<i64> = sqlx::query_scalar("SELECT last_used_at FROM tokens")
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    assert!(noted.is_some(), "its owner can see that it was used");
}

#[tokio::test]
async fn a_wrong_bearer_token_does_not_fall_back_to_the_cookies() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    for authorization in ["Bearer wrong", "Basic bWluYTpwdw==", "Bearer", ""] {
        let request = browser
            .request(Method::GET, "/api/v1/devices")
            .header("authorization", authorization);
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::UNAUTHORIZED,
            "{authorization:?}"
        );
    }
}

#[tokio::test]
async fn products_are_made_by_the_shop_and_by_operators_only() {
    let options = Options {
        operator_token: Some(SHOP),
        ..Options::default()
    };
    let app = TestApp::spawn_with(options).await;
    let (worker, mina) = (
        app.account("worker@shop.example", true).await,
        app.account("mina@home.example", false).await,
    );
    let allowed = [
        (Some(SHOP.to_owned()), StatusCode::CREATED),
        (Some(app.token(worker).await), StatusCode::CREATED),
        (Some(app.token(mina).await), StatusCode::FORBIDDEN),
        (Some("wrong".to_owned()), StatusCode::UNAUTHORIZED),
        (None, StatusCode::UNAUTHORIZED),
    ];
    for (token, expected) in allowed {
        let mut request = app.browser().request(Method::POST, "/api/v1/products");
        if let Some(token) = &token {
            request = request.bearer_auth(token);
        }
        let answer = request
            .json(&json!({"count": 1, "model": "DHT22-ESP32"}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), expected, "{token:?}");
    }
}

#[tokio::test]
async fn the_shop_sees_no_household() {
    let app = TestApp::spawn_with(Options {
        operator_token: Some(SHOP),
        ..Options::default()
    })
    .await;
    let mina = app.resident("mina@home.example", 1).await;
    for path in [
        "/api/v1/devices".to_owned(),
        format!("/api/v1/devices/{}/current", mina.serial(0)),
    ] {
        let answer = app
            .browser()
            .request(Method::GET, &path)
            .bearer_auth(SHOP)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
}
