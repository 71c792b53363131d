//! Nothing that another site makes a browser send changes anything.

use reqwest::{Method, StatusCode};

use super::table::{ROUTES, Row};
use super::world::{Things, World};
use crate::harness::test_app::{PASSWORD, TestApp};

/// What a browser says when another site is behind a request.
const FOREIGN: [&[(&str, &str)]; 9] = [
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://localhost.evil.example")],
    &[("origin", "http://localhost:81")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost")],
    &[("sec-fetch-site", "same-site"), ("origin", "http://localhost")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "nonsense")],
];

/// What another site can send without asking us first, whatever the route wants.
const SIMPLE: [&str; 3] = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
];

fn mutations() -> impl Iterator<Item = &'static Row> {
    ROUTES.iter().filter(|row| row.is_mutation())
}

#[tokio::test]
async fn no_mutation_is_accepted_from_another_site() {
    let world = World::new().await;
    let (mina, before) = (&world.mina, world.stored().await);
    for row in mutations() {
        for foreign in FOREIGN {
            for kind in SIMPLE.into_iter().map(Some).chain([None]) {
                let address = row.address(&mina.things);
                let mut request = match kind {
                    Some(kind) => row.request_as(&mina.browser, &address, kind),
                    None => row.request(&mina.browser, &address),
                };
                for (name, value) in foreign {
                    request = request.header(*name, *value);
                }
                let answer = request.send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{row:?} {foreign:?}");
                assert!(answer.headers().get("set-cookie").is_none(), "{row:?} {foreign:?}");
            }
        }
    }
    assert_eq!(world.stored().await, before);
    assert!(mina.browser.is_signed_in().await, "nobody was signed out");
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
    let world = World::new().await;
    let (mina, before) = (&world.mina, world.stored().await);
    for row in ROUTES {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            let request = mina.browser.request(method.clone(), &row.address(&mina.things));
            let answer = request.header("accept", "text/html").send().await.unwrap();
            assert!(answer.headers().get("set-cookie").is_none(), "{method} {row:?}");
        }
    }
    assert_eq!(world.stored().await, before);
    assert!(mina.browser.is_signed_in().await);
}

#[tokio::test]
async fn a_form_of_another_kind_is_never_taken_for_json() {
    let world = World::new().await;
    let (mina, nobody) = (&world.mina, Things::of_nobody());
    let before = world.stored().await;
    for row in mutations().filter(|row| row.path.starts_with("/api/") && row.method != "DELETE") {
        for kind in SIMPLE {
            let things = if row.path.contains('{') { &nobody } else { &mina.things };
            let request = row.request_as(&mina.browser, &row.address(things), kind);
            let status = request.send().await.unwrap().status();
            assert!(status.is_client_error(), "{row:?} {kind}: {status}");
        }
    }
    assert_eq!(world.stored().await, before);
}
