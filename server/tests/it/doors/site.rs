//! The part of the server between a device and the database, put together as `Server::build` does, without pages.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::serial::Serial;
use server::clock::Clock;
use server::config::{BrokerUrl, MqttConfig, SecretKey};
use server::db::devices::{NewDevice, insert_device};
use server::db::households::insert_household;
use server::db::{Db, sqlite_url, states};
use server::ingest;
use server::lifecycle::Lifecycle;
use server::mqtt::{self, AckSender, Remembered, Running, Takers, Vault};
use server::replies::Replies;
use server::seal::Seal;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::mosquitto::Mosquitto;
use crate::harness::process::wait_for;

/// How long the pipeline may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A device that has been sold.
#[derive(Clone, Debug)]
pub struct Sold {
    pub serial: Serial,
    pub password: String,
}

impl Sold {
    /// The `number`th device of every test.
    pub fn new(number: u64) -> Self {
        let serial = Serial::from_bits(0x1234_5000 + number);
        Self {
            serial,
            password: format!("password of {serial}"),
        }
    }

    /// `count` devices.
    pub fn many(count: u64) -> Vec<Self> {
        (0..count).map(Self::new).collect()
    }

    /// A topic of its own.
    pub fn topic(&self, leaf: &str) -> String {
        format!("templog/v1/{}/{leaf}", self.serial)
    }

    /// User name and password.
    pub fn account(&self) -> (String, String) {
        (self.serial.to_string(), self.password.clone())
    }
}

/// Doors, intake and database.
pub struct Site {
    /// Where devices connect.
    pub address: SocketAddr,
    pub db: Db,
    pub running: Running,
    /// The door's.
    pub lifecycle: Lifecycle,
    /// The intake's, so that it can be closed alone.
    pub intake_lifecycle: Lifecycle,
    _dir: TempDir,
}

impl Site {
    /// A site with an embedded broker and its own SQLite database.
    pub async fn embedded(devices: &[Sold]) -> Self {
        let config = MqttConfig::Embedded {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let (db, dir) = store(devices).await;
        Self::open(config, None, Clock::system(), db, dir).await
    }

    /// A site that is linked to `mosquitto`, with its own SQLite database.
    pub async fn linked(mosquitto: &Mosquitto, devices: &[Sold]) -> Self {
        Self::linked_at(mosquitto, devices, Clock::system()).await
    }

    /// The same by another clock.
    pub async fn linked_at(mosquitto: &Mosquitto, devices: &[Sold], clock: Clock) -> Self {
        let (db, dir) = store(devices).await;
        let site = Self::linked_to(mosquitto, clock, db, dir).await;
        site.wait_ready(true);
        site
    }

    async fn linked_to(mosquitto: &Mosquitto, clock: Clock, db: Db, dir: TempDir) -> Self {
        let url = BrokerUrl::parse(&mosquitto.url()).expect("the harness writes good addresses");
        Self::open(MqttConfig::Link(url), Some(mosquitto.address), clock, db, dir).await
    }

    /// The same database with a new intake and a new link.
    pub async fn reopen(self, mosquitto: &Mosquitto) -> Self {
        let Self { db, _dir: dir, .. } = self;
        let site = Self::linked_to(mosquitto, Clock::system(), db, dir).await;
        site.wait_ready(true);
        site
    }

    async fn open(config: MqttConfig, outside: Option<SocketAddr>, clock: Clock, db: Db, dir: TempDir) -> Self {
        let (lifecycle, intake_lifecycle) = (Lifecycle::new(), Lifecycle::new());
        let acks = AckSender::new();
        let listeners: Vec<Arc<dyn ingest::Listener>> = vec![Arc::clone(&acks) as _];
        let intake = ingest::start(db.clone(), clock.clone(), None, listeners, &intake_lifecycle);
        let accounts = Arc::new(Remembered::new(db.clone(), clock.clone()));
        let running = mqtt::start(&config, accounts, vault(&db), takers(intake), acks, clock, &lifecycle)
            .await
            .expect("the door opens");
        let address = outside.or(running.addr).expect("there is a broker");
        Self {
            address,
            db,
            running,
            lifecycle,
            intake_lifecycle,
            _dir: dir,
        }
    }

    /// Ends the door and then the intake, in order.
    pub async fn stop(&self) {
        assert!(self.lifecycle.drain(PATIENCE).await, "the door closes in time");
        assert!(self.intake_lifecycle.drain(PATIENCE).await, "the intake ends in time");
    }

    /// Polls until the door is, or is no longer, ready.
    pub fn wait_ready(&self, ready: bool) {
        let state = || self.running.health.state();
        let reached = wait_for(PATIENCE, || (state().ready == ready).then_some(()));
        assert!(reached.is_some(), "{:?}", state());
    }

    /// How many readings of `device` are stored.
    pub async fn stored(&self, device: &Sold) -> i64 {
        let count = "SELECT COUNT(*) FROM readings r JOIN devices d ON d.id = r.device_id WHERE d.serial = ?";
        sqlx::query_scalar(count)
            .bind(device.serial.to_string())
            .fetch_one(self.db.pool())
            .await
            .expect("readings can be counted")
    }

    /// Polls until `count` readings of `device` are stored.
    pub async fn wait_stored(&self, device: &Sold, count: i64) {
        let reached = poll(async || (self.stored(device).await >= count).then_some(())).await;
        let stored = self.stored(device).await;
        assert!(
            reached.is_some() && stored == count,
            "{stored} readings are stored, not {count}"
        );
    }

    /// What is known of `device`.
    pub async fn state(&self, device: &Sold) -> states::State {
        let found = server::db::devices::find_device(&self.db, device.serial)
            .await
            .expect("devices can be read");
        let id = found.expect("the device is known").id;
        states::find_state(&self.db, id)
            .await
            .expect("states can be read")
            .expect("every device has a state")
    }

    /// Polls until `device` is, or is no longer, known to be gone.
    pub async fn wait_gone(&self, device: &Sold, gone: bool) {
        let reached = poll(async || (self.state(device).await.will_at.is_some() == gone).then_some(())).await;
        assert!(reached.is_some(), "that it is gone does not become {gone}");
    }
}

/// The store, with a seal that opens nothing: no test here needs a broker outside to be told passwords.
pub fn vault(db: &Db) -> Vault {
    let seal = Seal::new(&SecretKey::generate());
    Vault { db: db.clone(), seal }
}

/// The intake, and a desk at which nobody waits for answers.
pub fn takers(intake: ingest::Intake) -> Takers {
    Takers {
        intake,
        replies: Replies::default(),
    }
}

/// Polls `probe` until it gives something, or the time is over.
pub async fn poll<T>(probe: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    poll_for(PATIENCE, probe).await
}

/// The same with another patience.
pub async fn poll_for<T>(patience: Duration, mut probe: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    tokio::time::timeout(patience, async {
        loop {
            ticks.tick().await;
            if let Some(found) = probe().await {
                return found;
            }
        }
    })
    .await
    .ok()
}

async fn store(devices: &[Sold]) -> (Db, TempDir) {
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let db = Db::connect(&sqlite_url(&dir.path().join("templog.db")))
        .await
        .expect("a database can be made");
    db.migrate().await.expect("the schema can be laid");
    let mut tx = db.begin_write().await.expect("the database is free");
    let now = Clock::system().now();
    let household = insert_household(&mut tx, "home", "Asia/Seoul", false, now)
        .await
        .expect("a household can be stored");
    for device in devices {
        let new = NewDevice {
            serial: device.serial,
            household: Some(household),
            name: "",
            position: 0,
            zone: "Asia/Seoul",
            interval_s: 60,
            model: "test",
            password_hash: hex(&device.password),
            password_sealed: None,
            claim_hash: hex("claim"),
        };
        insert_device(&mut tx, &new, now).await.expect("a device can be stored");
    }
    tx.commit().await.expect("the database takes it");
    (db, dir)
}

/// SHA-256 of a password or claim code, as the store has it.
pub fn hex(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        write!(hex, "{byte:02x}").expect("a string can be written to");
    }
    hex
}
