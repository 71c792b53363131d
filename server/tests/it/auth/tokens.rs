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

#[tokio::test]
async fn a_token_that_may_only_look_changes_nothing() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let token = app.reading_token(mina.id).await;
    let device = format!("/api/v1/devices/{}", mina.serial(0));
    for (method, path, expected) in [
        (Method::GET, "/api/v1/devices", StatusCode::OK),
        (Method::PATCH, device.as_str(), StatusCode::FORBIDDEN),
        (Method::DELETE, device.as_str(), StatusCode::FORBIDDEN),
        (Method::POST, "/api/v1/devices/claim", StatusCode::FORBIDDEN),
    ] {
        let request = app.browser().request(method, path).bearer_auth(&token);
        let answer = request.json(&json!({"name": "Attic"})).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{path}");
    }
    let name: String = sqlx::query_scalar("SELECT name FROM devices")
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    assert_ne!(name, "Attic");
}

#[tokio::test]
async fn tokens_are_made_listed_and_revoked_and_only_hashes_are_kept() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let request = browser
        .request(Method::POST, "/api/v1/tokens")
        .json(&json!({"name": " cron ", "scope": "read"}));
    let answer = request.header("origin", browser.origin()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let made: Value = answer.json().await.unwrap();
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("tl_"));

    let ask = |path: &str| app.browser().request(Method::GET, path).bearer_auth(secret).send();
    let listed: Value = ask("/api/v1/tokens").await.unwrap().json().await.unwrap();
    assert_eq!(
        (&listed[0]["id"], &listed[0]["name"], &listed[0]["scope"]),
        (&made["id"], &json!("cron"), &json!("read"))
    );
    assert!(listed[0]["last_used_at"].is_i64(), "it has just been used");
    let stored: Vec<String> = sqlx::query_scalar("SELECT hash FROM tokens")
        .fetch_all(app.db.pool())
        .await
        .unwrap();
    assert!(
        stored
            .iter()
            .all(|hash| hash.len() == 64 && !secret.contains(hash.as_str()))
    );

    let path = format!("/api/v1/tokens/{}", made["id"]);
    let juno = app.resident("juno@other.example", 0).await;
    let stranger = app.signed_in(&juno).await;
    let delete = |browser: &crate::harness::browser::Browser| {
        browser
            .request(Method::DELETE, &path)
            .header("origin", browser.origin())
            .send()
    };
    assert_eq!(
        delete(&stranger).await.unwrap().status(),
        StatusCode::NOT_FOUND,
        "it is not theirs"
    );
    assert_eq!(delete(&browser).await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(ask("/api/v1/devices").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let noted: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_events WHERE detail = 'cron' ORDER BY id")
        .fetch_all(app.db.pool())
        .await
        .unwrap();
    assert_eq!(noted, ["token-created", "token-revoked"]);
}

#[tokio::test]
async fn a_token_cannot_make_itself_successors_and_there_is_an_end_to_how_many_there_are() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let token = app.token(mina.id).await;
    let request = app
        .browser()
        .request(Method::POST, "/api/v1/tokens")
        .bearer_auth(&token);
    let answer = request
        .json(&json!({"name": "more", "scope": "write"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);

    for _ in 1..20 {
        app.token(mina.id).await;
    }
    let browser = app.signed_in(&mina).await;
    for (body, field) in [
        (json!({"name": "one too many", "scope": "read"}), "form"),
        (json!({"name": "  ", "scope": "read"}), "name"),
        (json!({"name": "cron", "scope": "everything"}), "scope"),
    ] {
        let request = browser
            .request(Method::POST, "/api/v1/tokens")
            .header("origin", browser.origin());
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["field"], field);
    }
}

#[tokio::test]
async fn the_page_shows_a_new_token_once_and_takes_it_back() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let page = || async { browser.get("/settings/tokens").await.text().await.unwrap() };
    let answer = browser
        .post_form("/settings/tokens", &[("name", "<b>cron</b>"), ("scope", "read")])
        .await;
    assert_eq!(answer.headers()["location"], "/settings/tokens");

    let shown = page().await;
    let secret = shown
        .split("class=\"token\">")
        .nth(1)
        .and_then(|rest| rest.split('<').next())
        .expect("the token");
    assert!(secret.starts_with("tl_") && secret.len() == 46, "{secret}");
    assert!(shown.contains("&lt;b&gt;cron"), "its name is text");
    let asked = app
        .browser()
        .request(Method::GET, "/api/v1/devices")
        .bearer_auth(secret)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), StatusCode::OK);
    assert!(!page().await.contains(secret), "once");

    let id: i64 = sqlx::query_scalar("SELECT id FROM tokens")
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    browser
        .post_form("/settings/tokens/revoke", &[("id", &id.to_string())])
        .await;
    let asked = app
        .browser()
        .request(Method::GET, "/api/v1/devices")
        .bearer_auth(secret)
        .send()
        .await
        .unwrap();
    assert_eq!(asked.status(), StatusCode::UNAUTHORIZED);
}
