//! `/healthz`, `/readyz` and `/metrics`.

use serde_json::json;

use crate::harness::test_app::TestApp;

#[tokio::test]
async fn a_healthy_server_names_its_parts() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    assert_eq!(browser.get("/healthz").await.text().await.unwrap(), "ok");
    assert_eq!(
        browser.json("/readyz").await,
        json!({"status": "ok", "database": "ok", "broker": "ok", "accounts": "ok", "relay": "in-process", "intake": "ok"})
    );
}

#[tokio::test]
async fn metrics_count_answers_and_sockets_and_name_nobody() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let mut socket = browser.open_socket().await;
    socket.next().await;

    let answer = browser.get("/metrics").await;

    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    let text = answer.text().await.unwrap();
    for name in [
        "templog_http_responses_total{status=\"3xx\"}",
        "templog_live_sockets",
        "templog_live_devices 1",
        "templog_store_bytes ",
    ] {
        assert!(text.contains(name), "{name} in {text}");
    }
    assert!(!text.contains("TL-") && !text.contains('@'), "{text}");
}
