//! Too much is too much, by every route that changes something; people are told in a page, programs in a document.

use std::time::Duration;

use reqwest::{Method, StatusCode};

use super::table::{Gives, Kind, ROUTES};
use super::world::World;
use crate::harness::test_app::{Options, TestApp};

/// Changes one address may make at once.
const BURST: usize = 600;

/// Uses up what this address may change; some of it may be used already.
async fn use_up(app: &TestApp, forwarded: &str) {
    let browser = app.browser();
    for _ in 0..=BURST {
        let request = browser
            .request(Method::POST, "/theme")
            .header("x-forwarded-for", forwarded);
        let answer = request.form(&[("theme", "dark")]).send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
    }
    panic!("more than {BURST} changes were taken");
}

#[tokio::test]
async fn what_is_too_much_is_refused_by_every_route_that_changes_something() {
    let world = World::with(Options {
        trusted_proxies: "127.0.0.1",
        ..Options::default()
    })
    .await;
    let (app, before) = (&world.app, world.stored().await);
    use_up(app, "203.0.113.1").await;
    for row in ROUTES.iter().filter(|row| row.is_mutation()) {
        let request = row.request(&app.browser(), &row.address(&world.mina.things));
        let answer = request.header("x-forwarded-for", "203.0.113.1").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS, "{row:?}");
        assert_eq!(answer.headers()["retry-after"], "1", "{row:?}");
        assert_eq!(answer.headers()["cache-control"], "no-store", "{row:?}");
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let expected = match row.kind() {
            Kind::Form => "text/html",
            _ => "application/problem+json",
        };
        assert!(kind.starts_with(expected), "{row:?}: {kind}");
    }
    assert_eq!(world.stored().await, before);

    let other = app
        .browser()
        .request(Method::POST, "/theme")
        .header("x-forwarded-for", "203.0.113.2");
    let other = other.form(&[("theme", "dark")]).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::SEE_OTHER, "others are not hurt");
    for row in ROUTES
        .iter()
        .filter(|row| row.kind() == Kind::Page && row.gives == Gives::Public)
    {
        let request = row
            .request(&app.browser(), row.path)
            .header("x-forwarded-for", "203.0.113.1");
        assert_eq!(
            request.send().await.unwrap().status(),
            StatusCode::OK,
            "reading goes on: {row:?}"
        );
    }
    app.advance(Duration::from_secs(1));
    let again = app
        .browser()
        .request(Method::POST, "/theme")
        .header("x-forwarded-for", "203.0.113.1");
    let again = again.form(&[("theme", "dark")]).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::SEE_OTHER, "and after a second it goes on");
}

#[tokio::test]
async fn people_are_told_in_their_language() {
    let world = World::new().await;
    use_up(&world.app, "127.0.0.1").await;
    for (language, words) in [("ko", "너무 잦아요"), ("en", "Too often")] {
        let request = world.app.browser().request(Method::POST, "/sign-in");
        let request = request
            .header("accept", "text/html")
            .header("accept-language", language);
        let answer = request.form(&[("email", "x"), ("password", "y")]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        let html = answer.text().await.unwrap();
        assert!(html.contains(words) && html.contains("<html"), "{html}");
    }
}

#[tokio::test]
async fn the_shops_own_system_is_not_slowed_down() {
    let world = World::with(Options {
        operator_token: Some("a-token-of-the-shop-that-nobody-guesses"),
        ..Options::default()
    })
    .await;
    use_up(&world.app, "127.0.0.1").await;
    let request = world.app.browser().request(Method::POST, "/api/v1/products");
    let request = request.bearer_auth("a-token-of-the-shop-that-nobody-guesses");
    let made = request
        .json(&serde_json::json!({"count": 1, "model": "DHT22-ESP32"}))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
}
