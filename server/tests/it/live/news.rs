//! What a socket says.

use std::time::Duration;

use domain::time::Timestamp;
use serde_json::json;

use crate::harness::test_app::TestApp;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

#[tokio::test]
async fn a_new_socket_is_told_of_every_device_first() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 2).await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis(), "t": 21.5, "h": 45.0}))
        .await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;

    let mut told = vec![socket.next().await, socket.next().await];
    told.sort_by_key(|message| message["serial"] != mina.serial(0));

    assert_eq!(
        told,
        [
            json!({"serial": mina.serial(0), "at": START.as_millis(), "t": 21.5, "h": 45.0, "presence": "online"}),
            json!({"serial": mina.serial(1), "at": null, "t": null, "h": null, "presence": "never-seen"}),
        ]
    );
}

#[tokio::test]
async fn a_reading_is_on_an_open_page_within_a_second() {
    let app = TestApp::spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;
    socket.next().await;
    for t in [21.0, 21.5, 22.0] {
        app.publish(&mina.devices[0], json!({"t": t, "h": 45.0})).await;
        let told = tokio::time::timeout(Duration::from_secs(1), socket.next())
            .await
            .expect("within a second");
        assert_eq!((&told["serial"], &told["t"]), (&json!(mina.serial(0)), &json!(t)));
    }
}

#[tokio::test]
async fn other_households_are_not_told() {
    let app = TestApp::spawn().await;
    let (mina, juno) = (
        app.resident("mina@home.example", 1).await,
        app.resident("juno@other.example", 1).await,
    );
    let mut socket = app.signed_in(&juno).await.open_socket().await;
    assert_eq!(socket.next().await["serial"], juno.serial(0));

    app.publish(&mina.devices[0], json!({"t": 21.0})).await;
    app.publish(&juno.devices[0], json!({"t": 25.0})).await;

    // Whatever was told of the first reading would come before the second.
    let told = socket.next().await;
    assert_eq!((&told["serial"], &told["t"]), (&json!(juno.serial(0)), &json!(25.0)));
}

#[tokio::test]
async fn of_a_whole_batch_only_the_newest_state_is_told() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;
    socket.next().await;
    let batch: Vec<_> = (0..500)
        .map(|n| json!({"at": START.as_millis() - 60_000 + n, "t": 20.0, "h": n / 10}))
        .collect();

    app.publish(&mina.devices[0], json!(batch)).await;

    let mut messages = 0;
    socket
        .wait_for(|message| {
            messages += 1;
            message["h"] == json!(49.0)
        })
        .await;
    assert!(messages < 10, "{messages} messages for one batch");
}

#[tokio::test]
async fn late_readings_do_not_pass_for_the_present() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;
    socket.next().await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis(), "t": 21.0}))
        .await;
    app.publish(
        &mina.devices[0],
        json!({"at": START.as_millis() - 3_600_000, "t": 15.0}),
    )
    .await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis() + 1_000, "t": 22.0}))
        .await;
    let told = [socket.next().await["t"].clone(), socket.next().await["t"].clone()];
    assert_eq!(told, [json!(21.0), json!(22.0)]);
}

#[tokio::test]
async fn silence_is_told_as_late_and_then_offline() {
    let app = TestApp::spawn_at(START).await;
    let mina = app.resident("mina@home.example", 1).await;
    app.publish(&mina.devices[0], json!({"at": START.as_millis(), "t": 21.0}))
        .await;
    let mut socket = app.signed_in(&mina).await.open_socket().await;
    assert_eq!(socket.next().await["presence"], "online");
    for presence in ["late", "offline"] {
        app.advance(Duration::from_secs(151));
        let told = socket.next().await;
        assert_eq!((&told["presence"], &told["t"]), (&json!(presence), &json!(21.0)));
    }
}
