//! How sockets end: with their session, with the server, or by their own fault, and alone.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::test_app::TestApp;

/// The session has ended: a page that comes back is sent to the sign-in.
const POLICY: u16 = 1008;
/// The server stops: a page comes back soon.
const AWAY: u16 = 1001;
const TOO_LARGE: u16 = 1009;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

#[tokio::test]
async fn signing_out_closes_the_sockets_of_that_session_and_no_other() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let (phone, desk) = (app.signed_in(&mina).await, app.signed_in(&mina).await);
    let (mut one, mut two, mut other) = (
        phone.open_socket().await,
        phone.open_socket().await,
        desk.open_socket().await,
    );
    other.next().await;

    phone.post_form("/sign-out", &[]).await;

    for socket in [&mut one, &mut two] {
        let code = tokio::time::timeout(Duration::from_secs(1), socket.closed())
            .await
            .expect("within a second");
        assert_eq!(code, POLICY);
    }
    app.publish(&mina.devices[0], json!({"t": 21.0})).await;
    assert_eq!(other.next().await["t"], 21.0);

    desk.request(Method::DELETE, "/api/v1/session").send().await.unwrap();
    assert_eq!(other.closed().await, POLICY);
}

#[tokio::test]
async fn a_stolen_session_that_betrays_itself_loses_its_sockets() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let stolen = browser.cookie("templog-refresh").unwrap();
    let mut socket = browser.open_socket().await;
    app.advance(Duration::from_mins(15));
    assert!(browser.is_signed_in().await);
    app.advance(Duration::from_secs(11));

    let thief = app.browser();
    thief.plant("templog-refresh", &stolen);
    assert!(!thief.is_signed_in().await);

    assert_eq!(socket.closed().await, POLICY);
}

#[tokio::test]
async fn a_server_that_stops_says_so() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;
    let closed = tokio::spawn(async move { socket.closed().await });
    app.stop().await;
    assert_eq!(closed.await.unwrap(), AWAY);
}

#[tokio::test]
async fn a_socket_that_talks_too_much_is_closed_alone() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let (mut loud, mut quiet) = (browser.open_socket().await, browser.open_socket().await);
    quiet.next().await;

    loud.send(Message::text("small talk is ignored")).await;
    loud.send(Message::binary(vec![0; 100_000])).await;
    let ended = loud.ended().await;
    assert!(ended.is_none_or(|code| code == TOO_LARGE), "{ended:?}");

    app.publish(&mina.devices[0], json!({"t": 21.0})).await;
    assert_eq!(quiet.next().await["t"], 21.0);
}

#[tokio::test]
async fn a_page_that_comes_back_is_up_to_date_at_once() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    drop(browser.open_socket().await);
    app.publish(&mina.devices[0], json!({"t": 21.0})).await;
    let mut socket = browser.open_socket().await;
    assert_eq!(socket.next().await["t"], 21.0);
}

/// Ways in which what a socket stands on can end without this process having any part in it.
const ELSEWHERE: [&str; 4] = [
    "DELETE FROM sessions",
    "DELETE FROM tokens",
    "UPDATE sessions SET expires_at = 0",
    "DELETE FROM users WHERE email LIKE 'mina%'",
];

#[tokio::test]
async fn what_is_ended_elsewhere_closes_its_sockets_within_five_seconds_and_no_others() {
    for statement in ELSEWHERE {
        let app = TestApp::spawn().await;
        let mina = app.resident("mina@home.example", 1).await;
        let bearer = [("authorization", format!("Bearer {}", app.token(mina.id).await))];
        let mut by_session = app.signed_in(&mina).await.open_socket().await;
        let mut by_token = app.browser().try_open_socket(&bearer).await.expect("the socket opens");
        for socket in [&mut by_session, &mut by_token] {
            socket.next().await;
        }

        sqlx::query(statement).execute(app.db.pool()).await.unwrap();

        let is_account = statement.contains("users");
        let (closes_session, closes_token) = (
            !statement.contains("tokens"),
            is_account || statement.contains("tokens"),
        );
        for (socket, closes) in [(&mut by_session, closes_session), (&mut by_token, closes_token)] {
            let closed = tokio::time::timeout(Duration::from_secs(5), socket.closed()).await;
            assert_eq!(closed.ok(), closes.then_some(POLICY), "{statement}");
        }
    }
}
