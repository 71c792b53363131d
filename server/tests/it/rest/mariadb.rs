//! The same server on the other database: the SQL of people, sessions and pages runs there too.

use std::time::Duration;

use domain::time::Timestamp;
use reqwest::StatusCode;
use serde_json::json;

use crate::harness::mariadb::MariaDb;
use crate::harness::test_app::{Options, TestApp};

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);

async fn spawn() -> TestApp {
    let database = tokio::task::spawn_blocking(|| MariaDb::shared().create_database());
    let options = Options {
        database_url: Some(database.await.expect("a database can be made")),
        stopped_at: Some(START),
        ..Options::default()
    };
    TestApp::spawn_with(options).await
}

#[tokio::test]
async fn a_household_lives_on_mariadb_as_well() {
    let app = spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    sqlx::query("UPDATE devices SET name = '거실'")
        .execute(app.db.pool())
        .await
        .unwrap();
    let browser = app.signed_in(&mina).await;
    let mut socket = browser.open_socket().await;
    assert_eq!(socket.next().await["presence"], "never-seen");

    app.publish(
        &mina.devices[0],
        json!({"at": START.as_millis() - 60_000, "t": 21.5, "h": 45.0}),
    )
    .await;

    assert_eq!(socket.next().await["t"], 21.5);
    let device = format!("/api/v1/devices/{}", mina.serial(0));
    let current = browser.json(&format!("{device}/current")).await;
    assert_eq!(
        (&current["name"], &current["today"]["t_avg"]),
        (&json!("거실"), &json!(21.5))
    );
    for step in ["day", "2h", "raw"] {
        let history = browser.json(&format!("{device}/history?step={step}")).await;
        assert_eq!(history["points"].as_array().unwrap().len(), 1, "{step}");
    }
    for page in ["/".to_owned(), format!("/devices/{}", mina.serial(0))] {
        let answer = browser.get(&page).await;
        assert_eq!(answer.status(), StatusCode::OK, "{page}");
        assert!(answer.text().await.unwrap().contains("거실"), "{page}");
    }
}

#[tokio::test]
async fn sessions_are_renewed_stolen_and_ended_on_mariadb_as_well() {
    let app = spawn().await;
    let mina = app.resident("mina@home.example", 1).await;
    let browser = app.signed_in(&mina).await;
    let stolen = browser.cookie("templog-refresh").unwrap();
    app.advance(Duration::from_mins(15));
    assert!(browser.is_signed_in().await);
    app.advance(Duration::from_secs(11));
    let thief = app.browser();
    thief.plant("templog-refresh", &stolen);
    assert!(!thief.is_signed_in().await);
    assert!(!browser.is_signed_in().await);

    browser
        .sign_in("mina@home.example", crate::harness::test_app::PASSWORD)
        .await;
    assert!(browser.is_signed_in().await);
    browser.post_form("/sign-out", &[]).await;
    assert!(!browser.is_signed_in().await);
    let token = app.token(mina.id).await;
    let request = app
        .browser()
        .request(reqwest::Method::GET, "/api/v1/devices")
        .bearer_auth(token);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}
