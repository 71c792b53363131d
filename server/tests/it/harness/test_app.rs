//! The server as it really is, on free ports, with a database of its own; and the people and devices around it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::time::Timestamp;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use server::auth::{Passwords, PersonalToken, Scope};
use server::clock::{Clock, ManualClock};
use server::config::{
    BrokerUrl, Config, KakaoConfig, MqttConfig, PublicUrl, PushHosts, Secret, SecretKey, TrustedProxies,
};
use server::db::tokens::{NewToken, insert_token};
use server::db::users::{NewUser, insert_user};
use server::db::{Db, UserId, sqlite_url};
use server::mail::MailConfig;
use server::products::{Order, Product, Shop};
use server::seal::Seal;
use server::server::Server;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::browser::Browser;
use super::routes::routes_of;

/// What everybody's password is.
pub const PASSWORD: &str = "correct horse battery";

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a test wants to be different.
#[derive(Default)]
pub struct Options {
    /// Another database than a fresh SQLite file.
    pub database_url: Option<String>,
    /// A clock that stands still here until the test moves it.
    pub stopped_at: Option<Timestamp>,
    /// Another public address than `http://localhost`.
    pub public_url: Option<&'static str>,
    /// The bearer token of a broker that asks who may connect.
    pub mqtt_auth_token: Option<&'static str>,
    /// The shop's bearer token.
    pub operator_token: Option<&'static str>,
    /// A mail server instead of a folder.
    pub mail: Option<MailConfig>,
    /// A broker outside: its address for the server, and where it listens.
    pub broker: Option<(String, SocketAddr)>,
    /// The name among several at that broker.
    pub instance: &'static str,
    /// What several tell each other by.
    pub redis_url: Option<String>,
    /// The key that several have in common.
    pub secret_key: Option<SecretKey>,
    /// Keys at Kakao, or at whoever stands in for it.
    pub kakao: Option<KakaoConfig>,
    /// Pinged while all is well.
    pub heartbeat_url: Option<String>,
    /// Files for the browser.
    pub site_dir: Option<PathBuf>,
    /// The proxies in front, as `TEMPLOG_TRUSTED_PROXIES` has them.
    pub trusted_proxies: &'static str,
}

/// A running server.
pub struct TestApp {
    /// Where pages and the API are.
    pub addr: SocketAddr,
    /// Where devices connect.
    pub mqtt_addr: SocketAddr,
    /// A second connection to its database.
    pub db: Db,
    /// Every method and path it answers, as `METHOD /path`, sorted.
    pub routes: Vec<String>,
    clock: Clock,
    hand: Option<ManualClock>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<server::error::Result<()>>,
    dir: TempDir,
    secret_key: Option<SecretKey>,
}

/// Somebody with an account, a household and devices.
pub struct Resident {
    /// Row number.
    pub id: UserId,
    /// What they sign in with, besides [`PASSWORD`].
    pub email: String,
    /// Their devices.
    pub devices: Vec<Product>,
}

impl Resident {
    /// The serial of their `index`th device.
    pub fn serial(&self, index: usize) -> String {
        self.devices[index].serial.to_string()
    }
}

impl TestApp {
    /// Everything embedded, the system's clock.
    pub async fn spawn() -> Self {
        Self::spawn_with(Options::default()).await
    }

    /// A clock that the test moves.
    pub async fn spawn_at(start: Timestamp) -> Self {
        Self::spawn_with(Options {
            stopped_at: Some(start),
            ..Options::default()
        })
        .await
    }

    /// As the test wants it.
    pub async fn spawn_with(options: Options) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let (clock, hand) = match options.stopped_at {
            Some(start) => {
                let (clock, hand) = Clock::manual(start);
                (clock, Some(hand))
            }
            None => (Clock::system(), None),
        };
        let outside = options.broker.as_ref().map(|(_, address)| *address);
        let config = configure(options, &dir);
        let server = Server::build(config.clone(), clock.clone())
            .await
            .expect("the server starts");
        let (stop, stopped) = oneshot::channel();
        Self {
            addr: server.addr(),
            mqtt_addr: outside.or(server.mqtt_addr()).expect("there is a broker"),
            db: Db::connect(config.database_url.expose())
                .await
                .expect("the database opens twice"),
            routes: routes_of(server.router()),
            clock,
            hand,
            stop,
            running: tokio::spawn(server.run(async { _ = stopped.await })),
            dir,
            secret_key: config.secret_key,
        }
    }

    /// Lets time pass for the server.
    pub fn advance(&self, duration: Duration) {
        let millis = i64::try_from(duration.as_millis()).expect("tests do not last so long");
        self.hand.as_ref().expect("the clock is the test's").advance(millis);
    }

    /// The server's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The server's clock.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Its folder.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(self.addr)
    }

    /// A browser in which somebody has just signed in.
    pub async fn signed_in(&self, resident: &Resident) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(&resident.email, PASSWORD).await;
        assert_eq!(answer.headers()["location"], "/");
        browser
    }

    /// An account of its own, without any device.
    pub async fn account(&self, email: &str, operator: bool) -> UserId {
        let hash = Passwords::new().hash(PASSWORD.to_owned()).await;
        let now = Some(self.now());
        let user = NewUser {
            email,
            password_hash: hash.as_deref(),
            verified_at: now,
            operator,
        };
        insert_user(&self.db, &user, self.now())
            .await
            .expect("the address is free")
    }

    /// An account with a household of so many devices.
    pub async fn resident(&self, email: &str, devices: u32) -> Resident {
        let id = self.account(email, false).await;
        let mut made = Vec::new();
        if devices > 0 {
            let order = Order::new(devices, "DHT22-ESP32").expect("an order within bounds");
            let done = self.shop().create(&order, Some(id), self.now()).await;
            made = done.expect("products can be made");
        }
        Resident {
            id,
            email: email.to_owned(),
            devices: made,
        }
    }

    /// Where its products come from.
    pub fn shop(&self) -> Shop {
        let made = || SecretKey::load_or_create(self.dir.path()).expect("the server has made its key");
        let key = self.secret_key.clone().unwrap_or_else(made);
        let mqtt_url = format!("mqtt://{}", self.mqtt_addr);
        Shop::new(
            self.db.clone(),
            Seal::new(&key),
            mqtt_url,
            "http://localhost".to_owned(),
        )
    }

    /// Products that nobody has.
    pub async fn products(&self, count: u32) -> Vec<Product> {
        let order = Order::new(count, "DHT22-ESP32").expect("an order within bounds");
        self.shop()
            .create(&order, None, self.now())
            .await
            .expect("products can be made")
    }

    /// A personal token of somebody.
    pub async fn token(&self, owner: UserId) -> String {
        let token = PersonalToken::generate();
        self.store_token(owner, &token, Scope::Write).await;
        token.expose().to_owned()
    }

    /// A personal token of somebody that may only look.
    pub async fn reading_token(&self, owner: UserId) -> String {
        let token = PersonalToken::generate();
        self.store_token(owner, &token, Scope::Read).await;
        token.expose().to_owned()
    }

    async fn store_token(&self, user: UserId, token: &PersonalToken, scope: Scope) {
        let new = NewToken {
            user,
            name: "test",
            scope: scope.as_str(),
            hash: &token.hash(),
        };
        let mut tx = self.db.begin_write().await.expect("the store can be written");
        insert_token(&mut tx, &new, self.now())
            .await
            .expect("a token is stored");
        tx.commit().await.expect("the store can be written");
    }

    /// Publishes telemetry as the device itself and waits for the acknowledgement, which means stored.
    pub async fn publish(&self, device: &Product, payload: serde_json::Value) {
        let mut options = MqttOptions::new(
            &device.mqtt.client_id,
            self.mqtt_addr.ip().to_string(),
            self.mqtt_addr.port(),
        );
        options.set_credentials(&device.mqtt.username, &device.mqtt.password);
        let (client, mut connection) = AsyncClient::new(options, 10);
        let topic = format!("templog/v1/{}/telemetry", device.serial);
        client
            .publish(topic, QoS::AtLeastOnce, false, payload.to_string())
            .await
            .expect("there is room");
        let acknowledged = async {
            loop {
                if let Event::Incoming(Packet::PubAck(_)) = connection.poll().await.expect("the broker takes it") {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, acknowledged)
            .await
            .expect("a reading is acknowledged in time");
    }

    /// Asks the server to stop and waits until it has.
    pub async fn stop(self) {
        self.stop.send(()).expect("the server is running");
        let ended = tokio::time::timeout(PATIENCE, self.running).await;
        ended
            .expect("the server stops in time")
            .expect("it does not panic")
            .expect("it stops without an error");
    }
}

fn configure(options: Options, dir: &TempDir) -> Config {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let database_url = options
        .database_url
        .unwrap_or_else(|| sqlite_url(&dir.path().join("templog.db")));
    Config {
        http_addr: any_port,
        public_url: PublicUrl::parse(options.public_url.unwrap_or("http://localhost")).expect("an origin"),
        data_dir: dir.path().to_owned(),
        database_url: Secret::new(database_url),
        mqtt: options
            .broker
            .map_or(MqttConfig::Embedded { listen: any_port }, |(url, _)| {
                let url = BrokerUrl::parse(&url).expect("the harness writes good addresses");
                let instance = options.instance.to_owned();
                let asks_us = options.mqtt_auth_token.is_some();
                MqttConfig::Link(BrokerUrl {
                    instance,
                    asks_us,
                    ..url
                })
            }),
        mail: options
            .mail
            .unwrap_or_else(|| MailConfig::parse(None, None, dir.path()).expect("mail needs no settings")),
        kakao: options.kakao,
        push_hosts: PushHosts::AlsoLoopback,
        heartbeat_url: options.heartbeat_url.map(Secret::new),
        site_dir: options.site_dir.unwrap_or_else(|| dir.path().join("site")),
        operator_token: options.operator_token.map(Secret::new),
        mqtt_auth_token: options.mqtt_auth_token.map(Secret::new),
        secret_key: options.secret_key,
        redis_url: options.redis_url.map(Secret::new),
        trusted_proxies: TrustedProxies::parse(options.trusted_proxies).expect("addresses"),
        unknown_variables: Vec::new(),
    }
}
