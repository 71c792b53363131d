//! No secret reaches a log line, an error or a metric, even when everything there is is logged.
//!
//! The real program runs with every log line switched on, and everything is done with secrets that the test knows:
//! right ones, wrong ones, old ones, malformed ones. Afterwards none of them may be found in anything that others
//! than their owner get to read.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use serde_json::{Value, json};
use server::auth::Passwords;
use server::clock::Clock;
use server::db::users::{NewUser, insert_user};
use server::db::{Db, sqlite_url};

use crate::harness::browser::Browser;
use crate::harness::mariadb::MariaDb;
use crate::harness::process::TemplogProcess;

const EMAIL: &str = "mina@home.example";
const PASSWORD: &str = "canary-right-password";
const WRONG_PASSWORD: &str = "canary-wrong-password";
const SHOP: &str = "canary-operator-token-of-the-shop-0123456789";
const PATIENCE: Duration = Duration::from_secs(30);

/// The program, and what it was told in confidence.
struct Watch {
    templog: TemplogProcess,
    /// Each secret, and what it is.
    secrets: BTreeMap<String, &'static str>,
    /// What others get to read beside the log.
    answers: Vec<String>,
}

impl Watch {
    /// Everything is logged; the account exists.
    async fn start(database_url: Option<&str>) -> Self {
        let mut env = vec![("RUST_LOG", "trace"), ("TEMPLOG_OPERATOR_TOKEN", SHOP)];
        env.extend(database_url.map(|url| ("TEMPLOG_DATABASE_URL", url)));
        let templog = TemplogProcess::start(&env);
        let embedded = sqlite_url(&templog.data_dir().join("templog.db"));
        let db = Db::connect(database_url.unwrap_or(&embedded)).await.unwrap();
        let hash = Passwords::new().hash(PASSWORD.to_owned()).await;
        let user = NewUser {
            email: EMAIL,
            password_hash: hash.as_deref(),
            verified_at: Some(Clock::system().now()),
            operator: false,
        };
        insert_user(&db, &user, Clock::system().now()).await.unwrap();
        let key = std::fs::read_to_string(templog.data_dir().join("secret.key")).unwrap();
        let mut watch = Self {
            templog,
            secrets: BTreeMap::new(),
            answers: Vec::new(),
        };
        watch.keep("password", PASSWORD);
        watch.keep("password that was wrong", WRONG_PASSWORD);
        watch.keep("operator token", SHOP);
        watch.keep("secret key", key.trim());
        watch
    }

    fn keep(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 8, "too short to be found by chance: {what}");
        self.secrets.insert(secret.to_owned(), what);
    }

    fn browser(&self) -> Browser {
        Browser::new(self.templog.http)
    }

    /// Signs in by form and by REST, rightly and wrongly, renews, and signs out.
    async fn sign_in_and_out(&mut self) {
        let browser = self.browser();
        for password in [WRONG_PASSWORD, PASSWORD] {
            let answer = browser.sign_in(EMAIL, password).await;
            self.answers.push(answer.text().await.unwrap());
            let body = json!({"email": EMAIL, "password": password});
            let request = self.browser().request(Method::POST, "/api/v1/session").json(&body);
            self.answers.push(request.send().await.unwrap().text().await.unwrap());
        }
        // Bodies that are wrong in every way, each with the secret in it.
        for body in [
            format!("{{\"email\": 1, \"password\": \"{WRONG_PASSWORD}\"}}"),
            format!("{{\"password\": \"{WRONG_PASSWORD}"),
            format!("\"{WRONG_PASSWORD}\""),
        ] {
            let request = self.browser().request(Method::POST, "/api/v1/session");
            let request = request.header("content-type", "application/json").body(body);
            self.answers.push(request.send().await.unwrap().text().await.unwrap());
        }
        let form = format!("password={WRONG_PASSWORD}&email=%ff");
        let request = self.browser().request(Method::POST, "/sign-in").body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.answers.push(request.send().await.unwrap().text().await.unwrap());
        for name in ["templog-access", "templog-refresh"] {
            let cookie = browser.cookie(name).expect("signed in");
            self.keep("session cookie", &cookie);
            // What matters of a token is its last part.
            self.keep("end of a session cookie", cookie.rsplit('.').next().unwrap());
        }
        for path in ["/", "/devices/TL-ZZZZZZZZ", "/nowhere", "/api/v1/devices"] {
            self.answers.push(browser.get(path).await.text().await.unwrap());
        }
        let mut socket = browser.open_socket().await;
        let signed_out = browser.post_form("/sign-out", &[]).await;
        assert_eq!(signed_out.status(), 303);
        assert_eq!(socket.closed().await, 1008);
    }

    /// Uses every kind of bearer token, rightly and wrongly.
    async fn bear_tokens(&mut self) {
        let token = self.templog.command(&["token", "create", EMAIL, "--name", "script"]);
        let token = token.trim().to_owned();
        self.keep("personal token", &token);
        let wrong = format!("{token}-canary-wrong");
        for bearer in [token.as_str(), wrong.as_str(), SHOP] {
            let request = self
                .browser()
                .request(Method::GET, "/api/v1/devices")
                .bearer_auth(bearer);
            self.answers.push(request.send().await.unwrap().text().await.unwrap());
        }
    }

    /// Makes a product, connects as the device rightly and wrongly, and publishes.
    async fn use_a_device(&mut self) {
        let order = json!({"count": 1, "model": "DHT22-ESP32"});
        let request = self
            .browser()
            .request(Method::POST, "/api/v1/products")
            .bearer_auth(SHOP);
        let made: Value = request.json(&order).send().await.unwrap().json().await.unwrap();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (claim_code, password) = (text(&made[0]["claim_code"]), text(&made[0]["mqtt"]["password"]));
        let serial = text(&made[0]["serial"]);
        self.keep("claim code", &claim_code);
        self.keep("device password", &password);
        self.keep("device password that was wrong", "canary-wrong-device-password");
        for password in ["canary-wrong-device-password", &password] {
            let mut options = MqttOptions::new(&serial, self.templog.mqtt.ip().to_string(), self.templog.mqtt.port());
            options.set_credentials(&serial, password);
            let (client, mut connection) = AsyncClient::new(options, 10);
            let topic = format!("templog/v1/{serial}/telemetry");
            client
                .publish(topic, QoS::AtLeastOnce, false, "{\"t\":21.5}")
                .await
                .unwrap();
            let ended = async {
                loop {
                    match connection.poll().await {
                        Ok(Event::Incoming(Packet::PubAck(_))) | Err(_) => return,
                        Ok(_) => {}
                    }
                }
            };
            tokio::time::timeout(PATIENCE, ended).await.expect("taken or refused");
        }
    }

    /// Looks everywhere.
    async fn find_nothing(mut self) {
        for path in ["/metrics", "/readyz", "/healthz", "/api/v1/openapi.json"] {
            self.answers.push(self.browser().get(path).await.text().await.unwrap());
        }
        assert_eq!(self.templog.terminate(), Some(0));
        let log = std::fs::read_to_string(self.templog.data_dir().join("server.log")).unwrap();
        assert!(log.contains("TRACE") && log.contains("sqlx"), "everything is logged");
        for (secret, what) in &self.secrets {
            let line = log.lines().find(|line| line.contains(secret.as_str()));
            assert!(line.is_none(), "{what} in the log: {line:?}");
            let answer = self.answers.iter().find(|answer| answer.contains(secret.as_str()));
            assert!(answer.is_none(), "{what} in an answer: {answer:?}");
        }
    }
}

#[tokio::test]
async fn no_secret_is_found_in_the_log_in_errors_or_in_metrics() {
    let mut watch = Watch::start(None).await;
    watch.sign_in_and_out().await;
    watch.bear_tokens().await;
    watch.use_a_device().await;
    watch.find_nothing().await;
}

#[tokio::test]
async fn no_secret_is_found_when_the_database_is_a_server_with_a_password() {
    let url = MariaDb::shared().create_database();
    let mut watch = Watch::start(Some(&url)).await;
    let password = url::Url::parse(&url)
        .unwrap()
        .password()
        .expect("a password")
        .to_owned();
    watch.keep("database password", &password);
    watch.sign_in_and_out().await;
    watch.find_nothing().await;
}
