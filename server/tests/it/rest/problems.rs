//! Whatever goes wrong in the API is said as a problem document, and says nothing of the inside.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::harness::test_app::TestApp;

async fn problem(app: &TestApp, method: Method, path: &str, kind: &str, body: String) -> (StatusCode, Value) {
    let request = app
        .browser()
        .request(method, path)
        .header("content-type", kind)
        .body(body);
    let answer = request.send().await.expect("the server answers");
    let status = answer.status();
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
    let problem: Value = answer.json().await.expect("a problem document is JSON");
    assert_eq!(problem["status"], status.as_u16());
    assert_eq!(problem["type"], "about:blank");
    (status, problem)
}

#[tokio::test]
async fn errors_of_every_kind_are_problem_documents() {
    let app = TestApp::spawn().await;
    let json = "application/json";
    let session = "/api/v1/session";
    // Deep enough for any stack, if it were followed.
    let (deep, deep_object) = ("[".repeat(20_000), "{\"email\":".repeat(5_000));
    let cases = [
        (Method::GET, "/api/v1/devices", json, "", 401),
        (Method::GET, "/api/v1/nothing", json, "", 404),
        (Method::GET, "/api/v1/devices/TL-7K3F9Q2M/nothing", json, "", 404),
        (Method::PUT, session, json, "", 405),
        (Method::POST, session, json, "{", 400),
        (Method::POST, session, json, "[]", 400),
        (Method::POST, session, json, "{\"email\": 1, \"password\": 2}", 400),
        (Method::POST, session, json, "\u{0}", 400),
        (Method::POST, session, json, &deep, 400),
        (Method::POST, session, json, &deep_object, 400),
        (Method::POST, session, "text/plain", "{}", 415),
    ];
    for (method, path, kind, body, expected) in cases {
        let (status, _) = problem(&app, method.clone(), path, kind, body.to_owned()).await;
        assert_eq!(status, expected, "{method} {path} {body}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let app = TestApp::spawn().await;
    let large = format!("{{\"email\":\"{}\"}}", "x".repeat(100_000));
    let (status, _) = problem(&app, Method::POST, "/api/v1/session", "application/json", large).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_lost_database_is_told_as_unavailable_and_nobody_gets_in() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    sqlx::query("ALTER TABLE sessions RENAME TO gone")
        .execute(app.db.pool())
        .await
        .unwrap();

    let answer = browser.get("/api/v1/devices").await;

    assert!(answer.status().is_server_error(), "{}", answer.status());
    let text = answer.text().await.unwrap();
    for inside in ["sessions", "SELECT", "sqlite", "no such table"] {
        assert!(!text.contains(inside), "{text}");
    }
}
