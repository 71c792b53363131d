//! Who may open a socket.

use crate::harness::test_app::TestApp;

#[tokio::test]
async fn another_site_is_refused_before_the_upgrade() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let own = browser.origin();
    let origins = [
        None,
        Some("null".to_owned()),
        Some("https://evil.example".to_owned()),
        Some(format!("{own}.evil.example")),
        Some(format!("https://evil.example/{own}")),
        Some("http://localhost.evil.example".to_owned()),
        Some(own.replace("127.0.0.1", "127.0.0.2")),
        Some(String::new()),
    ];
    for origin in origins {
        let mut headers = vec![("cookie", browser.cookies())];
        headers.extend(origin.clone().map(|origin| ("origin", origin)));
        assert_eq!(browser.try_open_socket(&headers).await.err(), Some(403), "{origin:?}");
    }
}

#[tokio::test]
async fn strangers_are_refused_before_the_upgrade() {
    let app = TestApp::spawn().await;
    let browser = app.browser();
    for cookie in ["", "templog-access=a.b.c", "templog-refresh=1.x"] {
        let headers = [("origin", browser.origin()), ("cookie", cookie.to_owned())];
        assert_eq!(browser.try_open_socket(&headers).await.err(), Some(401), "{cookie}");
    }
}

#[tokio::test]
async fn the_public_address_and_a_personal_token_open_it_too() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let public = [("cookie", browser.cookies()), ("origin", "http://localhost".to_owned())];
    let token = [("authorization", format!("Bearer {}", app.token(mina.id).await))];
    for headers in [&public[..], &token[..]] {
        let mut socket = browser.try_open_socket(headers).await.expect("the socket opens");
        assert_eq!(socket.next().await["serial"], mina.serial(0));
    }
    let wrong = [
        ("authorization", "Bearer tl_wrong".to_owned()),
        ("cookie", browser.cookies()),
    ];
    assert_eq!(browser.try_open_socket(&wrong).await.err(), Some(401));
}
