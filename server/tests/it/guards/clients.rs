//! Who pays for a guess: the address that really sent it, whatever a request says of itself.

use domain::time::Timestamp;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::test_app::{Options, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
/// Guesses at sign-in from one address.
const BURST: usize = 20;

async fn behind(trusted_proxies: &'static str) -> TestApp {
    TestApp::spawn_with(Options {
        stopped_at: Some(START),
        trusted_proxies,
        ..Options::default()
    })
    .await
}

/// One guess at an account nobody else guesses at, sent with these `X-Forwarded-For` lines.
async fn guess(app: &TestApp, forwarded: &[&str]) -> StatusCode {
    let mut request = app.browser().request(Method::POST, "/api/v1/session");
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    let email = format!("{}@home.example", rand::random::<u64>());
    let request = request.json(&json!({"email": email, "password": "only a guess"}));
    request.send().await.expect("the server answers").status()
}

/// Uses up what the address behind these lines may guess.
async fn use_up(app: &TestApp, forwarded: &[&str]) {
    for _ in 0..BURST {
        assert_eq!(guess(app, forwarded).await, StatusCode::UNAUTHORIZED, "{forwarded:?}");
    }
    assert_eq!(
        guess(app, forwarded).await,
        StatusCode::TOO_MANY_REQUESTS,
        "{forwarded:?}"
    );
}

#[tokio::test]
async fn without_a_trusted_proxy_nobody_can_name_another_address() {
    let app = behind("10.0.0.0/8").await;
    use_up(&app, &[]).await;
    for forwarded in [
        &["203.0.113.1"][..],
        &["10.0.0.1"],
        &["127.0.0.1"],
        &["203.0.113.1, 10.0.0.1"],
    ] {
        assert_eq!(
            guess(&app, forwarded).await,
            StatusCode::TOO_MANY_REQUESTS,
            "{forwarded:?}"
        );
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_everybody_pays_for_themselves() {
    let app = behind("127.0.0.1").await;
    use_up(&app, &["203.0.113.1"]).await;
    assert_eq!(guess(&app, &["203.0.113.2"]).await, StatusCode::UNAUTHORIZED);
    for spoofed in [
        &["198.51.100.7, 203.0.113.1"][..],
        &["198.51.100.7", "203.0.113.1"],
        &["127.0.0.1, 203.0.113.1, 127.0.0.1"],
    ] {
        assert_eq!(guess(&app, spoofed).await, StatusCode::TOO_MANY_REQUESTS, "{spoofed:?}");
    }
}

#[tokio::test]
async fn a_whole_ipv6_network_is_one_address() {
    let app = behind("127.0.0.1").await;
    for n in 0..BURST {
        let status = guess(&app, &[&format!("2001:db8:1:2::{n:x}")]).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(
        guess(&app, &["2001:db8:1:2:ffff::1"]).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(guess(&app, &["2001:db8:1:3::1"]).await, StatusCode::UNAUTHORIZED);
}

/// How many of these guesses were compared with a password at all; the others must be refused as too many.
async fn evaluated(app: &TestApp, guesses: impl Iterator<Item = (String, String)>) -> usize {
    let (browser, mut evaluated) = (app.browser(), 0);
    for (from, email) in guesses {
        let request = browser
            .request(Method::POST, "/api/v1/session")
            .header("x-forwarded-for", from);
        let request = request.json(&json!({"email": email, "password": "only a guess"}));
        let answer = request.send().await.expect("the server answers");
        match answer.status() {
            StatusCode::UNAUTHORIZED => evaluated += 1,
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.headers().contains_key("retry-after")),
            other => panic!("{other}"),
        }
    }
    evaluated
}

#[tokio::test]
async fn a_thousand_addresses_guess_at_one_account_ten_times() {
    let app = behind("127.0.0.1").await;
    app.account("mina@home.example", false).await;
    let from = |n: u32| format!("198.{}.{}.7", 18 + n / 250, n % 250);
    let guesses = (0..1_000).map(|n| (from(n), "mina@home.example".to_owned()));
    assert_eq!(evaluated(&app, guesses).await, 10);
}

#[tokio::test]
async fn one_address_sprays_a_thousand_accounts_twenty_times() {
    let app = behind("127.0.0.1").await;
    let guesses = (0..1_000).map(|n| ("203.0.113.1".to_owned(), format!("nobody-{n}@home.example")));
    assert_eq!(evaluated(&app, guesses).await, 20);
}
