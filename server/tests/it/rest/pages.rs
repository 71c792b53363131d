//! Pages: what a browser is told beside the page itself.

use std::collections::HashSet;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};

use crate::harness::test_app::{Options, TestApp};

fn policy(headers: &HeaderMap) -> &str {
    headers["content-security-policy"]
        .to_str()
        .expect("the policy is ASCII")
}

fn nonce(headers: &HeaderMap) -> &str {
    policy(headers)
        .split("'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("a nonce")
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let app = TestApp::spawn_with(Options {
        public_url: Some("https://home.example"),
        ..Options::default()
    })
    .await;
    let answer = app.browser().get("/").await;
    let hsts = answer.headers()["strict-transport-security"].to_str().unwrap();
    assert!(hsts.contains("max-age=31536000"), "{hsts}");
    assert!(policy(answer.headers()).contains("connect-src 'self' wss://home.example;"));
}

#[tokio::test]
async fn only_scripts_of_this_very_answer_may_run() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let mut seen = HashSet::new();
    for path in ["/", "/sign-in", "/nowhere"] {
        let answer = browser.get(path).await;
        let nonce = nonce(answer.headers()).to_owned();
        assert!(nonce.len() >= 22, "128 bits");
        let html = answer.text().await.unwrap();
        assert!(seen.insert(nonce.clone()), "a nonce is used once");
        let attribute = format!("nonce=\"{nonce}\"");
        let tags: Vec<_> = html
            .split("<script")
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap())
            .collect();
        assert!(!tags.is_empty(), "{path} is hydrated by a script");
        for tag in tags {
            assert!(
                tag.contains(&attribute) || tag.contains("src=\"/"),
                "{path}: <script{tag}>"
            );
        }
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"), "{path}");
    }
}

#[tokio::test]
async fn pages_are_never_kept_by_a_cache() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    for path in ["/", "/sign-in", "/nowhere"] {
        assert_eq!(browser.get(path).await.headers()["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let app = TestApp::spawn().await;
    for path in ["/nowhere", "/devices", "/pkg/nothing.js", "/index.html"] {
        let answer = app.browser().get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text().await.unwrap().contains("<html"), "{path}");
    }
    let answer = app.browser().request(Method::POST, "/nowhere").send().await.unwrap();
    assert!(answer.status().is_client_error(), "{}", answer.status());
}

#[tokio::test]
async fn a_name_that_is_a_script_stays_a_name() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let names = [
        "</script><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "<!--",
        "${alert(1)}",
    ];
    let browser = app.signed_in(&mina).await;
    for name in names {
        sqlx::query("UPDATE devices SET name = ?")
            .bind(name)
            .execute(app.db.pool())
            .await
            .unwrap();
        for path in ["/".to_owned(), format!("/devices/{}", mina.serial(0))] {
            let html = browser.get(&path).await.text().await.unwrap();
            for trick in ["<script>alert(1)", "<img src=x"] {
                let around = html
                    .split(trick)
                    .next()
                    .map(|before| &before[before.len().saturating_sub(200)..]);
                assert!(!html.contains(trick), "{path}: {name}: {around:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_compressed_for_those_who_can_read_it() {
    let app = TestApp::spawn().await;
    for encoding in ["br", "gzip"] {
        let request = app
            .browser()
            .request(Method::GET, "/sign-in")
            .header("accept-encoding", encoding);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], encoding);
    }
}

#[tokio::test]
async fn the_page_of_the_api_lists_what_the_description_lists() {
    let app = TestApp::spawn().await;
    let description = app.browser().json("/api/v1/openapi.json").await;
    let html = app.browser().get("/api").await.text().await.unwrap();
    for path in description["paths"].as_object().unwrap().keys() {
        assert!(html.contains(&format!("/api/v1{path}")), "{path}");
    }
    assert!(html.contains("/api/v1/openapi.json"));
}
