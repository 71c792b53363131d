//! Nothing that another site makes a browser send changes anything, or opens a socket.

use reqwest::{Method, StatusCode};

use crate::harness::test_app::{PASSWORD, TestApp};

/// Everything that changes something, with a body it would accept.
const MUTATIONS: [(Method, &str, &str); 7] = [
    (
        Method::POST,
        "/sign-in",
        "email=mina%40home.example&password=correct+horse+battery",
    ),
    (Method::POST, "/sign-out", ""),
    (Method::POST, "/language", "locale=en"),
    (Method::POST, "/theme", "theme=dark"),
    (Method::POST, "/api/v1/session", "{}"),
    (Method::DELETE, "/api/v1/session", ""),
    (Method::POST, "/api/v1/products", "{}"),
];

/// What a browser says when another site is behind a request.
const FOREIGN: [&[(&str, &str)]; 6] = [
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://localhost.evil.example")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site")],
];

#[tokio::test]
async fn no_mutation_is_accepted_from_another_site() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    for (method, path, body) in MUTATIONS {
        for foreign in FOREIGN {
            let mut request = browser.request(method.clone(), path).body(body);
            for (name, value) in foreign {
                request = request.header(*name, *value);
            }
            let answer = request
                .header("content-type", "application/x-www-form-urlencoded")
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path} {foreign:?}");
        }
    }
    assert!(browser.is_signed_in().await, "nobody was signed out");
}

#[tokio::test]
async fn our_own_pages_are_accepted_by_either_header() {
    let app = TestApp::spawn().await;
    app.account("mina@home.example", false).await;
    let browser = app.browser();
    let form = [("email", "mina@home.example"), ("password", PASSWORD)];
    for (name, value) in [
        ("origin", browser.origin()),
        ("origin", "http://localhost".to_owned()),
        ("sec-fetch-site", "same-origin".to_owned()),
    ] {
        let request = browser.request(Method::POST, "/sign-in").header(name, &value);
        let answer = request.form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{name}: {value}");
        assert_eq!(answer.headers()["location"], "/");
    }
}

#[tokio::test]
async fn nothing_is_changed_by_following_a_link() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    for (_, path, _) in MUTATIONS {
        let answer = browser.get(path).await;
        assert!(answer.headers().get("set-cookie").is_none(), "GET {path}");
    }
    assert!(browser.is_signed_in().await);
}
