//! Two instances with everything they share.

use std::time::Duration;

use serde_json::{Value, json};
use server::config::SecretKey;

use crate::doors::site::poll;
use crate::harness::browser::Socket;
use crate::harness::mariadb::MariaDb;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::redis::Redis;
use crate::harness::test_app::{Options, PATIENCE, Resident, TestApp};

/// The real stack, with two servers.
pub struct Pair {
    pub first: TestApp,
    pub second: TestApp,
    pub mina: Resident,
    pub redis: Redis,
    _mosquitto: Mosquitto,
}

impl Pair {
    /// Starts all of it; Mina has one device, and the broker lets it in.
    pub async fn start() -> Self {
        let (mut mosquitto, redis) = (Mosquitto::start(&[]), Redis::start());
        let database_url = MariaDb::shared().create_database();
        let key = SecretKey::generate();
        let options = |instance| Options {
            database_url: Some(database_url.clone()),
            broker: Some((mosquitto.url(), mosquitto.address)),
            instance,
            redis_url: Some(redis.url()),
            secret_key: Some(key.clone()),
            ..Options::default()
        };
        let first = TestApp::spawn_with(options("a")).await;
        let second = TestApp::spawn_with(options("b")).await;
        let mina = first.resident("mina@home.example", 1).await;
        let product = &mina.devices[0].mqtt;
        mosquitto.add(&[(product.username.clone(), product.password.clone())]);
        for app in [&first, &second] {
            wait_ready(app, "broker", "ok").await;
            wait_ready(app, "relay", "ok").await;
        }
        Self {
            first,
            second,
            mina,
            redis,
            _mosquitto: mosquitto,
        }
    }

    /// Mina's page, open at each of them.
    pub async fn open_pages(&self) -> [Socket; 2] {
        let mut pages = [
            self.first.signed_in(&self.mina).await.open_socket().await,
            self.second.signed_in(&self.mina).await.open_socket().await,
        ];
        for page in &mut pages {
            page.next().await;
        }
        pages
    }

    /// The device measures.
    pub async fn measure(&self, t: f64) {
        self.first
            .publish(&self.mina.devices[0], json!({"t": t, "h": 45.0}))
            .await;
    }
}

/// Waits until `/readyz` of a server says so of one of its parts.
pub async fn wait_ready(app: &TestApp, part: &str, word: &str) {
    let said = || async {
        let answer: Value = app.browser().get("/readyz").await.json().await.ok()?;
        (answer[part] == word).then_some(())
    };
    assert!(poll(said).await.is_some(), "{part} does not become {word}");
}

/// Waits until a page shows this temperature; it may show others before.
pub async fn wait_shown(page: &mut Socket, t: f64) {
    let shown = page.wait_for(|message| message["t"] == json!(t));
    tokio::time::timeout(PATIENCE, shown)
        .await
        .expect("the page shows it in the end");
}

/// The same, within a second.
pub async fn wait_shown_at_once(page: &mut Socket, t: f64) {
    let shown = page.wait_for(|message| message["t"] == json!(t));
    tokio::time::timeout(Duration::from_secs(1), shown)
        .await
        .expect("the page shows it within a second");
}
