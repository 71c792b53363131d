//! Guessing passwords is slow, for one address and for one account; the owner is never locked out for good.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;

use crate::harness::test_app::{PASSWORD, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

pub async fn try_once(app: &TestApp, email: &str, password: &str) -> Response {
    let request = app.browser().request(Method::POST, "/api/v1/session");
    // Whoever could name an address of their own choice would have no limit at all.
    let spoofed = format!("203.0.113.{}", rand::random::<u8>());
    let request = request
        .header("x-forwarded-for", &spoofed)
        .header("forwarded", format!("for={spoofed}"));
    request
        .json(&json!({"email": email, "password": password}))
        .send()
        .await
        .expect("the server answers")
}

#[tokio::test]
async fn an_account_takes_ten_guesses_and_then_one_a_minute() {
    let app = TestApp::spawn_at(START).await;
    app.account("mina@home.example", false).await;
    for _ in 0..10 {
        assert_eq!(
            try_once(&app, "mina@home.example", "a guess").await.status(),
            StatusCode::UNAUTHORIZED
        );
    }

    let refused = try_once(&app, "MINA@home.example", PASSWORD).await;

    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "60");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let form = app.browser().sign_in("mina@home.example", PASSWORD).await;
    assert_eq!(form.headers()["location"], "/sign-in?next=%2F");
    assert_eq!(form.headers()["retry-after"], "60");

    app.advance(Duration::from_mins(1));
    assert_eq!(
        try_once(&app, "mina@home.example", PASSWORD).await.status(),
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn an_address_takes_twenty_guesses_whatever_it_says_of_itself() {
    let app = TestApp::spawn_at(START).await;
    for n in 0..20 {
        let answer = try_once(&app, &format!("nobody-{n}@home.example"), "a guess").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let refused = try_once(&app, "somebody@home.example", "a guess").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "15");
}

#[tokio::test]
async fn people_who_know_their_password_never_meet_a_limit() {
    let app = TestApp::spawn_at(START).await;
    app.account("mina@home.example", false).await;
    for _ in 0..25 {
        assert_eq!(
            try_once(&app, "mina@home.example", PASSWORD).await.status(),
            StatusCode::NO_CONTENT
        );
    }
}
