//! The headers that keep a browser from being turned against its owner, on every answer there is.

use reqwest::header::HeaderMap;

use super::table::ROUTES;
use super::world::{Things, World};
use crate::harness::browser::set_cookies;
use crate::harness::test_app::{Options, PASSWORD};

/// On every answer, whatever it is.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
];

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .map_or("", |value| value.to_str().expect("headers are ASCII"))
}

fn assert_protected(headers: &HeaderMap, what: &str) {
    for (name, value) in ALWAYS {
        assert_eq!(text(headers, name), value, "{what}: {name}");
    }
    let policy = text(headers, "content-security-policy");
    for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(directive), "{what}: {directive} in {policy}");
    }
    assert!(
        !policy.contains("'unsafe-eval'") && !policy.contains('*'),
        "{what}: {policy}"
    );
    let scripts = policy.split("script-src ").nth(1).unwrap_or_default();
    let scripts = scripts.split(';').next().unwrap_or_default();
    assert!(
        !scripts.contains("unsafe-inline") && !scripts.contains("http"),
        "{what}: {scripts}"
    );
    for banner in ["server", "x-powered-by", "via"] {
        assert!(!headers.contains_key(banner), "{what}: {banner}");
    }
}

#[tokio::test]
async fn every_answer_of_every_route_carries_the_headers_that_protect_its_reader() {
    let world = World::new().await;
    let stranger = world.app.browser();
    let (mina, nobody) = (&world.mina, Things::of_nobody());
    for row in ROUTES {
        for (browser, things) in [(&stranger, &mina.things), (&mina.browser, &nobody)] {
            let answer = row.request(browser, &row.address(things)).send().await.unwrap();
            assert_protected(answer.headers(), &format!("{row:?} {}", answer.status()));
            assert!(
                !answer.headers().contains_key("strict-transport-security"),
                "not over http: {row:?}"
            );
        }
    }
    for path in ["/nowhere", "/api/v1/nowhere", "/pkg/nothing.js", "/%00", "/ws/nothing"] {
        assert_protected(mina.browser.get(path).await.headers(), path);
    }
}

#[tokio::test]
async fn nothing_personal_is_kept_by_any_cache() {
    let world = World::new().await;
    let mina = &world.mina;
    for row in ROUTES {
        let answer = row
            .request(&mina.browser, &row.address(&mina.things))
            .send()
            .await
            .unwrap();
        assert_eq!(
            text(answer.headers(), "cache-control"),
            "no-store",
            "{row:?} {}",
            answer.status()
        );
    }
}

#[tokio::test]
async fn no_address_is_told_to_other_sites_and_none_at_all_where_browsers_can_do_without() {
    let policy = async |public_url, host: Option<&str>| {
        let options = Options {
            public_url,
            ..Options::default()
        };
        let world = World::with(options).await;
        let mut policies = Vec::new();
        for row in ROUTES {
            let mut request = row.request(&world.app.browser(), &row.address(&world.mina.things));
            if let Some(host) = host {
                request = request.header("host", host);
            }
            policies.push(text(request.send().await.unwrap().headers(), "referrer-policy").to_owned());
        }
        policies.sort_unstable();
        policies.dedup();
        policies
    };
    assert_eq!(
        policy(Some("https://home.example"), Some("home.example")).await,
        ["no-referrer"]
    );
    assert_eq!(policy(None, Some("localhost")).await, ["no-referrer"]);
    assert_eq!(policy(None, None).await, ["no-referrer"], "127.0.0.1");
    // There browsers do not say `Sec-Fetch-Site`, and would hide the origin of our own forms as well.
    assert_eq!(policy(None, Some("192.168.0.5:3000")).await, ["same-origin"]);
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there_and_never_in_clear() {
    let world = World::with(Options {
        public_url: Some("https://home.example"),
        trusted_proxies: "127.0.0.1",
        ..Options::default()
    })
    .await;
    for row in ROUTES {
        for (proto, expected) in [("https", "max-age=31536000; includeSubDomains"), ("http", "")] {
            let request = row.request(&world.app.browser(), &row.address(&world.mina.things));
            let answer = request.header("x-forwarded-proto", proto).send().await.unwrap();
            assert_eq!(
                text(answer.headers(), "strict-transport-security"),
                expected,
                "{row:?} {proto}"
            );
        }
    }
}

#[tokio::test]
async fn every_cookie_is_bound_to_this_host_and_to_tls_and_out_of_reach_for_scripts() {
    let world = World::with(Options {
        public_url: Some("https://home.example"),
        ..Options::default()
    })
    .await;
    let mut answers = vec![world.app.browser().sign_in(&world.mina.who.email, PASSWORD).await];
    for row in ROUTES.iter().filter(|row| row.is_mutation()) {
        let request = row.request(&world.app.browser(), &row.address(&world.mina.things));
        answers.push(request.send().await.unwrap());
    }
    let cookies: Vec<_> = answers
        .iter()
        .flat_map(|answer| set_cookies(answer.headers()))
        .collect();
    assert!(
        cookies.len() >= 6,
        "tokens, preferences and answers of forms: {cookies:?}"
    );
    for cookie in cookies {
        let (name, attributes) = cookie.split_once('=').expect("a cookie");
        assert!(name.starts_with("__Host-"), "{cookie}");
        assert!(
            attributes.contains("; Secure") && attributes.contains("; Path=/"),
            "{cookie}"
        );
        assert!(
            attributes.contains("; SameSite=") && !attributes.contains("Domain"),
            "{cookie}"
        );
        assert!(!attributes.contains("SameSite=None"), "{cookie}");
        let is_harmless = matches!(name, "__Host-locale" | "__Host-theme" | "__Host-degrees");
        assert!(is_harmless || attributes.contains("; HttpOnly"), "{cookie}");
        assert!(cookie.len() <= 4096, "{cookie}");
    }
}
