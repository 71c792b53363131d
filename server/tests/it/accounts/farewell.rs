//! Somebody leaves, and nothing of them stays: not in the store, not on the air, not in an open page.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use server::db::households::{Role, insert_membership, list_households_of};
use sqlx::Row as _;

use super::rig::{both, count, follow, location};
use crate::doors::raw::{Heard, Hello, Level, PUBACK, Raw};
use crate::doors::site::poll;
use crate::harness::browser::Browser;
use crate::harness::dynsec::Dynsec;
use crate::harness::test_app::{Options, PASSWORD, Resident, TestApp};

const EMAIL: &str = "mina@home.example";
const AT_ONCE: Duration = Duration::from_secs(5);

async fn leave(browser: &Browser, password: &str) -> Response {
    browser
        .post_form("/settings/account/delete", &[("password", password)])
        .await
}

/// Every row of every table, as text.
async fn everything(app: &TestApp) -> Vec<String> {
    let is_sqlite = app.db.dialect() == server::db::Dialect::Sqlite;
    let (tables, columns) = if is_sqlite {
        (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            "SELECT name FROM pragma_table_info(?)",
        )
    } else {
        (
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
            "SELECT CAST(column_name AS CHAR) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
        )
    };
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(app.db.pool()).await.unwrap();
    let mut lines = Vec::new();
    for table in tables.iter().filter(|table| *table != "_sqlx_migrations") {
        let columns: Vec<String> = sqlx::query_scalar(columns)
            .bind(table)
            .fetch_all(app.db.pool())
            .await
            .unwrap();
        for column in columns {
            let (quote, kind) = if is_sqlite { ('"', "TEXT") } else { ('`', "CHAR") };
            let sql = format!("SELECT CAST({quote}{column}{quote} AS {kind}) AS value FROM {quote}{table}{quote}");
            for row in sqlx::query(sqlx::AssertSqlSafe(sql))
                .fetch_all(app.db.pool())
                .await
                .unwrap()
            {
                let value: Option<String> = row.get("value");
                lines.push(format!("{table}.{column} {}", value.unwrap_or_default()));
            }
        }
    }
    lines
}

/// Somebody with a role in `host`'s home.
async fn housemate(app: &TestApp, host: &Resident, email: &str, role: Role) -> Browser {
    let id = app.account(email, false).await;
    let home = list_households_of(&app.db, host.id).await.unwrap()[0].id;
    let mut tx = app.db.begin_write().await.unwrap();
    insert_membership(&mut tx, home, id, role).await.unwrap();
    tx.commit().await.unwrap();
    let guest = Resident {
        id,
        email: email.to_owned(),
        devices: Vec::new(),
    };
    app.signed_in(&guest).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_leaves_nothing_in_the_store_on_the_air_or_in_an_open_page() {
    for app in both().await {
        let mina = app.resident(EMAIL, 1).await;
        let (product, serial) = (&mina.devices[0], mina.serial(0));
        let browser = app.signed_in(&mina).await;
        let token = app.token(mina.id).await;
        // Codes, letters and failures by her address too.
        app.browser().post_form("/forgot-password", &[("email", EMAIL)]).await;
        app.mail_to(EMAIL, "비밀번호").await;
        app.browser().sign_in(EMAIL, "a guess, no more").await;
        app.publish(product, json!({"at": app.now().as_millis(), "t": 21.5}))
            .await;
        let mut socket = browser.open_socket().await;
        let hello = Hello::device(Level::V5, product.serial.as_str(), &product.mqtt.password);
        let mut device = Raw::connect(app.mqtt_addr, &hello);
        device.publish(&format!("templog/v1/{serial}/status"), b"{\"online\":true}", 1, 1, true);
        device.expect(PUBACK);

        let answer = leave(&browser, PASSWORD).await;

        assert_eq!(location(&answer), "/sign-in");
        assert!(follow(&browser, &answer).await.contains("계정을 지웠어요"));
        socket.ended().await;
        while device.hear(AT_ONCE) != Heard::Closed {}
        assert!(!browser.is_signed_in().await);
        let as_script = app
            .browser()
            .request(Method::GET, "/api/v1/devices")
            .bearer_auth(&token);
        assert_eq!(as_script.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
        assert_eq!(
            location(&app.browser().sign_in(EMAIL, PASSWORD).await)
                .split('?')
                .next(),
            Some("/sign-in")
        );
        for table in [
            "SELECT COUNT(*) FROM users",
            "SELECT COUNT(*) FROM households",
            "SELECT COUNT(*) FROM readings",
        ] {
            assert_eq!(count(&app, table).await, 0, "{table}");
        }
        for line in everything(&app).await {
            assert!(!line.contains(EMAIL) && !line.contains("21.5"), "{line}");
        }
        let released = "SELECT COUNT(*) FROM devices WHERE household_id IS NULL AND claimed_at IS NULL";
        assert_eq!(count(&app, released).await, 1, "the device can be claimed again");
        nothing_is_retained(&app, &serial).await;
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_leaves_nothing_at_a_mosquitto_either() {
    let broker = Dynsec::start();
    let app = TestApp::spawn_with(Options {
        broker: Some((broker.url(), broker.address)),
        ..Options::default()
    })
    .await;
    let mina = app.resident(EMAIL, 1).await;
    let (browser, serial) = (app.signed_in(&mina).await, mina.serial(0));
    let sold = Hello::device(Level::V5, &serial, &mina.devices[0].mqtt.password);
    let mut device = let_in(&app, &sold).await;
    device.publish(&format!("templog/v1/{serial}/status"), b"{\"online\":true}", 1, 1, true);
    device.expect(PUBACK);

    let request = browser.request(Method::DELETE, "/api/v1/account");
    let request = request.header("origin", browser.origin());
    let answer = request.json(&json!({"password": PASSWORD})).send().await.unwrap();
    let left: Value = answer.json().await.unwrap();

    while device.hear(AT_ONCE) != Heard::Closed {}
    assert_ne!(Raw::refusal(app.mqtt_addr, &sold), 0, "the old password");
    let password = left["devices"][0]["mqtt"]["password"].as_str().unwrap();
    let mut device = let_in(&app, &Hello::device(Level::V5, &serial, password)).await;
    device.subscribe(&format!("templog/v1/{serial}/#"));
    assert_eq!(device.hear(Duration::from_millis(300)), Heard::Silence);
}

/// A connection, as soon as Mosquitto has been told of the device.
async fn let_in(app: &TestApp, hello: &Hello<'_>) -> Raw {
    let connected = poll(async || match Raw::try_connect(app.mqtt_addr, hello) {
        Ok((device, Heard::Packet(answer))) if answer.body[1] == 0 => Some(device),
        _ => None,
    });
    connected.await.expect("Mosquitto lets the device in")
}

/// Somebody who listens to the device's topics hears nothing old.
async fn nothing_is_retained(app: &TestApp, serial: &str) {
    let device = server::db::devices::find_device(&app.db, serial.parse().unwrap()).await;
    let renewed = app.shop().renew(&device.unwrap().unwrap()).await.unwrap();
    let hello = Hello::device(Level::V5, serial, &renewed.mqtt.password);
    let mut device = Raw::connect(app.mqtt_addr, &hello);
    device.subscribe(&format!("templog/v1/{serial}/#"));
    assert_eq!(device.hear(Duration::from_millis(300)), Heard::Silence);
}

#[tokio::test]
async fn nobody_leaves_by_a_wrong_password_or_by_a_script() {
    for app in both().await {
        let mina = app.resident(EMAIL, 1).await;
        let browser = app.signed_in(&mina).await;
        let page = browser.get("/settings/account/delete").await.text().await.unwrap();
        assert!(page.contains("1대") && page.contains("name=\"password\""), "{page}");
        for wrong in ["", "a guess, no more"] {
            let answer = leave(&browser, wrong).await;
            assert_eq!(location(&answer), "/settings/account/delete");
            assert!(follow(&browser, &answer).await.contains("password-problem"));
        }
        let request = browser.request(Method::DELETE, "/api/v1/account");
        let request = request.header("origin", browser.origin()).json(&json!({}));
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
        let token = app.token(mina.id).await;
        for (method, path) in [
            (Method::DELETE, "/api/v1/account"),
            (Method::GET, "/api/v1/account/export"),
        ] {
            let request = app.browser().request(method, path).bearer_auth(&token);
            let request = request.json(&json!({"password": PASSWORD}));
            assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN);
        }
        assert!(browser.is_signed_in().await);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM users").await, 1);
        app.stop().await;
    }
}

#[tokio::test]
async fn a_program_that_deletes_the_account_gets_the_secrets_of_its_devices() {
    for app in both().await {
        let mina = app.resident(EMAIL, 2).await;
        let browser = app.signed_in(&mina).await;
        let request = browser.request(Method::DELETE, "/api/v1/account");
        let request = request
            .header("origin", browser.origin())
            .json(&json!({"password": PASSWORD}));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let left: Value = answer.json().await.unwrap();
        assert_eq!(left["devices"].as_array().unwrap().len(), 2);
        assert_ne!(left["devices"][0]["claim_code"], json!(mina.devices[0].claim_code));
        assert!(browser.cookie("templog-access").is_none());
        app.stop().await;
    }
}

#[tokio::test]
async fn a_home_that_somebody_else_owns_too_goes_on_and_one_that_nobody_owns_ends_for_all() {
    for app in both().await {
        let mina = app.resident(EMAIL, 1).await;
        let owner = housemate(&app, &mina, "juno@home.example", Role::Owner).await;
        let viewer = housemate(&app, &mina, "theo@home.example", Role::Viewer).await;
        let browser = app.signed_in(&mina).await;

        leave(&browser, PASSWORD).await;
        for housemate in [&owner, &viewer] {
            let devices = housemate.json("/api/v1/devices").await;
            assert_eq!(devices[0]["serial"], mina.serial(0), "the home is still there");
        }

        leave(&owner, PASSWORD).await;
        assert_eq!(viewer.json("/api/v1/devices").await, json!([]));
        assert_eq!(count(&app, "SELECT COUNT(*) FROM households").await, 0);
        assert!(viewer.is_signed_in().await);
        app.stop().await;
    }
}
