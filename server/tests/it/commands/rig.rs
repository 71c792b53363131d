//! A home with one device, by either door: everything embedded, or Mosquitto and MariaDB.

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use server::products::Product;

use crate::harness::browser::Browser;
use crate::harness::flashed::{Flashed, Manner};
use crate::harness::mariadb::MariaDb;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::test_app::{Options, Resident, TestApp};
use crate::instances::pair::wait_ready;

/// Runs a test at both doors, each with its database.
macro_rules! at_both_doors {
    ($($(#[$doc:meta])* async fn $name:ident($home:ident: Home) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn scenario($home: Home) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn by_the_embedded_broker_and_sqlite() {
                scenario(Home::embedded().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn by_mosquitto_and_mariadb() {
                scenario(Home::linked().await).await;
            }
        })*
    };
}
pub(super) use at_both_doors;

/// The home.
pub struct Home {
    pub app: TestApp,
    pub owner: Resident,
    pub browser: Browser,
    _mosquitto: Option<Mosquitto>,
}

impl Home {
    /// Everything in one process.
    pub async fn embedded() -> Self {
        Self::of(TestApp::spawn().await, None).await
    }

    /// A broker and a database outside.
    pub async fn linked() -> Self {
        let mosquitto = Mosquitto::start(&[]);
        let options = Options {
            database_url: Some(MariaDb::shared().create_database()),
            broker: Some((mosquitto.url(), mosquitto.address)),
            ..Options::default()
        };
        Self::of(TestApp::spawn_with(options).await, Some(mosquitto)).await
    }

    async fn of(app: TestApp, mut mosquitto: Option<Mosquitto>) -> Self {
        let owner = app.resident("mina@home.example", 1).await;
        if let Some(mosquitto) = &mut mosquitto {
            let account = &owner.devices[0].mqtt;
            mosquitto.add(&[(account.username.clone(), account.password.clone())]);
            wait_ready(&app, "broker", "ok").await;
        }
        Self {
            browser: app.signed_in(&owner).await,
            app,
            owner,
            _mosquitto: mosquitto,
        }
    }

    /// The device.
    pub fn product(&self) -> &Product {
        &self.owner.devices[0]
    }

    /// Its serial, as addresses have it.
    pub fn serial(&self) -> String {
        self.owner.serial(0)
    }

    /// The device, switched on.
    pub async fn device(&self, manner: Manner) -> Flashed {
        Flashed::connect(&self.app, self.product(), manner).await
    }

    /// Tells the device something by the API.
    pub async fn tell(&self, name: &str, arguments: &str) -> Response {
        tell(&self.browser, &self.serial(), name, arguments).await
    }

    /// What the device answers.
    pub async fn ask(&self, name: &str, arguments: &str) -> Value {
        let answer = self.tell(name, arguments).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{name}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// The status and the words of a refusal.
    pub async fn refusal(&self, name: &str, arguments: &str) -> (u16, String) {
        let answer = self.tell(name, arguments).await;
        let status = answer.status().as_u16();
        let problem: Value = answer.json().await.unwrap();
        (status, problem["detail"].as_str().unwrap_or_default().to_owned())
    }

    /// Asks for a reading as soon as the device is known to be back.
    pub async fn ask_when_back(&self) -> Value {
        let back = "SELECT COUNT(*) FROM device_states WHERE will_at IS NULL";
        let is_back = async || {
            let count: i64 = sqlx::query_scalar(back).fetch_one(self.app.db.pool()).await.ok()?;
            (count == 1).then_some(())
        };
        assert!(
            crate::doors::site::poll(is_back).await.is_some(),
            "it does not come back"
        );
        self.ask("read_now", "").await
    }

    /// Seconds between the device's readings, as everybody is told.
    pub async fn interval_s(&self) -> u64 {
        let device = self.browser.json(&format!("/api/v1/devices/{}", self.serial())).await;
        device["interval_s"].as_u64().unwrap()
    }

    /// Waits until the broker has said that the device is gone.
    pub async fn wait_away(&self) {
        let gone = "SELECT COUNT(*) FROM device_states WHERE will_at IS NOT NULL";
        let is_gone = async || {
            let count: i64 = sqlx::query_scalar(gone).fetch_one(self.app.db.pool()).await.ok()?;
            (count == 1).then_some(())
        };
        let reached = crate::doors::site::poll(is_gone).await;
        assert!(reached.is_some(), "nobody notices that the device is gone");
    }
}

/// Tells a device something by the API.
pub async fn tell(browser: &Browser, serial: &str, name: &str, arguments: &str) -> Response {
    let path = format!("/api/v1/devices/{serial}/commands/{name}");
    let request = browser.request(Method::POST, &path).header("origin", browser.origin());
    let request = request.header("content-type", "application/json");
    request.body(arguments.to_owned()).send().await.unwrap()
}
