//! From the shelf to the home and back: claim, change, release and return, over REST, with a device that is connected.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use server::db::households::{Role, insert_membership};
use server::products::Product;
use tokio::time::Instant;

use crate::doors::raw::{Heard, Hello, Level, Raw};
use crate::harness::browser::Browser;
use crate::harness::test_app::{Options, Resident, TestApp};

const SHOP: &str = "a-token-of-the-shop-that-nobody-guesses";
/// Within this a connection opened with an old password is cut.
const AT_ONCE: Duration = Duration::from_secs(5);

async fn shop() -> TestApp {
    TestApp::spawn_with(Options {
        operator_token: Some(SHOP),
        ..Options::default()
    })
    .await
}

async fn send(browser: &Browser, method: Method, path: &str, body: &Value) -> Response {
    let request = browser.request(method, path).header("origin", browser.origin());
    request.json(body).send().await.expect("the server answers")
}

async fn claim(browser: &Browser, serial: &str, code: &str) -> Response {
    let body = json!({"serial": serial, "claim_code": code, "name": "거실"});
    send(browser, Method::POST, "/api/v1/devices/claim", &body).await
}

async fn as_shop(app: &TestApp, method: Method, path: &str) -> Response {
    let request = app.browser().request(method, path).bearer_auth(SHOP);
    request.send().await.expect("the server answers")
}

fn device_of(app: &TestApp, product: &Product) -> Raw {
    let hello = Hello::device(Level::V5, product.serial.as_str(), &product.mqtt.password);
    Raw::connect(app.mqtt_addr, &hello)
}

/// Somebody with a browser and a role in somebody else's household.
async fn guest(app: &TestApp, host: &Resident, email: &str, role: Role) -> Browser {
    let id = app.account(email, false).await;
    let household = server::db::households::list_households_of(&app.db, host.id)
        .await
        .unwrap()[0]
        .id;
    let mut tx = app.db.begin_write().await.unwrap();
    insert_membership(&mut tx, household, id, role).await.unwrap();
    tx.commit().await.unwrap();
    let guest = Resident {
        id,
        email: email.to_owned(),
        devices: Vec::new(),
    };
    app.signed_in(&guest).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_on_already_shows_its_first_reading_as_soon_as_it_is_claimed() {
    let app = shop().await;
    let mina = app.resident("mina@home.example", 0).await;
    let product = app.products(1).await.remove(0);
    let at = app.now().as_millis();
    app.publish(&product, json!({"boot": 1, "seq": 1, "at": at, "t": 20.0}))
        .await;
    let browser = app.signed_in(&mina).await;
    let mut socket = browser.open_socket().await;

    let answer = claim(&browser, product.serial.as_str(), &product.claim_code).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let device: Value = answer.json().await.unwrap();
    assert_eq!(
        (&device["name"], &device["presence"]),
        (&json!("거실"), &json!("never-seen"))
    );

    // The open page hears of it without asking again.
    socket.wait_for(|event| event["presence"] == "never-seen").await;
    app.publish(&product, json!({"boot": 1, "seq": 2, "at": at, "t": 21.5}))
        .await;
    let event = socket.wait_for(|event| event["t"] == 21.5).await;
    assert_eq!(event["serial"], product.serial.to_string());
}

#[tokio::test]
async fn no_such_not_yours_and_wrong_are_the_same_answer_and_guessing_ends() {
    let app = TestApp::spawn_at(Timestamp::from_millis(1_795_161_600_000)).await;
    let (mina, juno) = (
        app.resident("mina@home.example", 1).await,
        app.resident("juno@home.example", 0).await,
    );
    let unsold = app.products(1).await.remove(0);
    let browser = app.signed_in(&juno).await;
    let serials = [
        unsold.serial.to_string(),
        mina.serial(0),
        "TL-ZZZZZZZZ".to_owned(),
        "?".to_owned(),
    ];
    let mut answers = Vec::new();
    for serial in &serials {
        let answer = claim(&browser, serial, "0000-0000-0000").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        answers.push(answer.text().await.unwrap());
    }
    let taken = claim(&browser, &mina.serial(0), &mina.devices[0].claim_code).await;
    answers.push(taken.text().await.unwrap());
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
    for _ in 5..10 {
        claim(&browser, &serials[0], "0000-0000-0000").await;
    }
    let limited = claim(&browser, &serials[0], &unsold.claim_code).await;
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(limited.headers()["retry-after"], "60");

    let owner = app.signed_in(&mina).await;
    let won = claim(&owner, &serials[0], &unsold.claim_code).await;
    assert_eq!(won.status(), StatusCode::OK, "the guesses of others block nobody");
    let stranger = claim(&app.browser(), &serials[0], &unsold.claim_code).await;
    assert_eq!(stranger.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn members_rename_and_calibrate_viewers_look_and_only_the_owner_gives_away() {
    let app = shop().await;
    let mina = app.resident("mina@home.example", 1).await;
    let path = format!("/api/v1/devices/{}", mina.serial(0));
    let owner = app.signed_in(&mina).await;
    let member = guest(&app, &mina, "juno@home.example", Role::Member).await;
    let viewer = guest(&app, &mina, "theo@home.example", Role::Viewer).await;
    let change = json!({"name": " 부엌 ", "room": "1층", "t_offset": -0.5, "zone": "Europe/Berlin", "position": 3});

    assert_eq!(
        send(&viewer, Method::PATCH, &path, &change).await.status(),
        StatusCode::FORBIDDEN
    );
    let answer: Value = send(&member, Method::PATCH, &path, &change).await.json().await.unwrap();
    assert_eq!((&answer["name"], &answer["room"]), (&json!("부엌"), &json!("1층")));
    assert_eq!(
        (&answer["t_offset"], &answer["zone"], &answer["position"]),
        (&json!(-0.5), &json!("Europe/Berlin"), &json!(3))
    );
    for wrong in [
        json!({"name": ""}),
        json!({"t_offset": 11}),
        json!({"zone": "Mars/Olympus"}),
        json!({"serial": "x"}),
    ] {
        let status = send(&owner, Method::PATCH, &path, &wrong).await.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    app.publish(&mina.devices[0], json!({"t": 20.0})).await;
    assert_eq!(
        viewer.json(&format!("{path}/current")).await["t"],
        19.5,
        "the raw value stays, the shown one is corrected"
    );

    for browser in [&viewer, &member] {
        assert_eq!(
            send(browser, Method::DELETE, &path, &json!({})).await.status(),
            StatusCode::FORBIDDEN
        );
    }
    let released = send(&owner, Method::DELETE, &path, &json!({})).await;
    assert_eq!(released.status(), StatusCode::OK);
    let product: Value = released.json().await.unwrap();
    assert_ne!(product["mqtt"]["password"], json!(mina.devices[0].mqtt.password));
    assert_eq!(viewer.json("/api/v1/devices").await, json!([]));
    let code = product["claim_code"].as_str().unwrap();
    assert_eq!(claim(&member, &mina.serial(0), code).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_cuts_the_connection_clears_the_page_and_hides_what_was() {
    let app = shop().await;
    let mina = app.resident("mina@home.example", 1).await;
    let product = &mina.devices[0];
    let browser = app.signed_in(&mina).await;
    app.publish(product, json!({"t": 21.5})).await;
    let mut socket = browser.open_socket().await;
    socket.wait_for(|event| event["t"] == 21.5).await;
    let mut device = device_of(&app, product);
    let status = format!("templog/v1/{}/status", product.serial);
    device.publish(&status, b"{\"online\":true}", 1, 1, true);
    device.expect(crate::doors::raw::PUBACK);

    let path = format!("/api/v1/products/{}", product.serial);
    let before: Value = as_shop(&app, Method::GET, &path).await.json().await.unwrap();
    assert_eq!(
        (&before["state"], &before["broker"]),
        (&json!("claimed"), &json!("confirmed"))
    );
    assert!(!before.to_string().contains("mina"), "the shop sees no home");

    let began = Instant::now();
    let answer = as_shop(&app, Method::POST, &format!("{path}/return")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    while device.hear(AT_ONCE) != Heard::Closed {}
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());

    let renewed: Product = answer.json().await.unwrap();
    let old = Hello::device(Level::V5, product.serial.as_str(), &product.mqtt.password);
    assert_eq!(
        Raw::refusal(app.mqtt_addr, &old),
        0x86,
        "the old password opens nothing, at once"
    );
    let mut device = device_of(&app, &renewed);
    assert_eq!(device.subscribe(&format!("templog/v1/{}/#", product.serial)), 1);
    assert_eq!(
        device.hear(Duration::from_millis(300)),
        Heard::Silence,
        "nothing of it was kept"
    );

    assert_eq!(browser.json("/api/v1/devices").await, json!([]));
    let after: Value = as_shop(&app, Method::GET, &path).await.json().await.unwrap();
    assert_eq!((&after["state"], &after["claimed_at"]), (&json!("sold"), &Value::Null));

    next_owner_begins_with_nothing(&app, &renewed).await;
    app.stop().await;
    // The old owner's socket said nothing of it before it ended.
    while let Some(event) = tokio::time::timeout(AT_ONCE, socket.next_or_end())
        .await
        .expect("the socket ends")
    {
        assert_ne!(event["t"], 18.5);
    }
}

/// Whatever the hub remembers.
async fn next_owner_begins_with_nothing(app: &TestApp, product: &Product) {
    let juno = app.resident("juno@home.example", 0).await;
    let browser = app.signed_in(&juno).await;
    let mut socket = browser.open_socket().await;
    claim(&browser, product.serial.as_str(), &product.claim_code).await;
    let event = socket
        .wait_for(|event| event["serial"] == product.serial.to_string())
        .await;
    assert_eq!((&event["t"], &event["presence"]), (&Value::Null, &json!("never-seen")));
    app.publish(product, json!({"t": 18.5})).await;
    socket.wait_for(|event| event["t"] == 18.5).await;
}

#[tokio::test]
async fn only_the_shop_sells_shows_and_takes_back() {
    let app = shop().await;
    let mina = app.resident("mina@home.example", 1).await;
    app.account("op@shop.example", true).await;
    let operator = app.browser();
    operator
        .sign_in("op@shop.example", crate::harness::test_app::PASSWORD)
        .await;
    let path = format!("/api/v1/products/{}", mina.serial(0));
    let owner = app.signed_in(&mina).await;
    for (browser, expected) in [
        (&owner, StatusCode::FORBIDDEN),
        (&app.browser(), StatusCode::UNAUTHORIZED),
    ] {
        for (method, path) in [(Method::GET, path.clone()), (Method::POST, format!("{path}/return"))] {
            assert_eq!(send(browser, method, &path, &json!({})).await.status(), expected);
        }
    }
    assert_eq!(operator.json(&path).await["serial"], mina.serial(0));
    let nobodys = as_shop(&app, Method::GET, "/api/v1/products/TL-ZZZZZZZZ").await;
    assert_eq!(nobodys.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_order_that_is_sent_again_is_answered_again_and_makes_nothing() {
    let app = shop().await;
    let order = async |key: &str, count: u32| {
        let request = app
            .browser()
            .request(Method::POST, "/api/v1/products")
            .bearer_auth(SHOP);
        let request = request
            .header("idempotency-key", key)
            .json(&json!({"count": count, "model": "x"}));
        let answer = request.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let first = order("2026-11-20/1", 2).await;
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(order("2026-11-20/1", 2).await, first);
    assert_eq!(order("2026-11-20/1", 3).await.0, StatusCode::CONFLICT);
    assert_ne!(order("2026-11-20/2", 2).await.1, first.1);
    assert_eq!(order(&"k".repeat(201), 1).await.0, StatusCode::BAD_REQUEST);
    let made: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM devices")
        .fetch_one(app.db.pool())
        .await
        .unwrap();
    assert_eq!(made, 4);
}
