//! A database of a test's own, SQLite or MariaDB, and a macro that runs a test on both.

use domain::serial::Serial;
use domain::time::Timestamp;
use server::config::SecretKey;
use server::db::devices::{Device, find_device};
use server::db::households::insert_household;
use server::db::{Db, HouseholdId, sqlite_url};
use server::products::{Order, Shop};
use server::seal::Seal;
use tempfile::TempDir;

use crate::harness::mariadb::MariaDb;

/// A migrated, empty database.
pub struct Store {
    pub db: Db,
    /// Deletes the file when the test is over.
    _folder: Option<TempDir>,
}

impl Store {
    /// In a file of its own.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::connect(&sqlite_url(&folder.path().join("templog.db")))
            .await
            .unwrap();
        db.migrate().await.unwrap();
        Self {
            db,
            _folder: Some(folder),
        }
    }

    /// In the MariaDB server that all tests share.
    pub async fn mariadb() -> Self {
        let url = tokio::task::spawn_blocking(|| MariaDb::shared().create_database())
            .await
            .unwrap();
        let db = Db::connect(&url).await.unwrap();
        db.migrate().await.unwrap();
        Self { db, _folder: None }
    }
}

/// Where products come from; what it seals nobody else can open.
pub fn shop(db: &Db) -> Shop {
    let seal = Seal::new(&SecretKey::generate());
    Shop::new(
        db.clone(),
        seal,
        "mqtt://home:1883".to_owned(),
        "https://home.example".to_owned(),
    )
}

/// A household without people.
pub async fn new_household(db: &Db) -> HouseholdId {
    let now = Timestamp::from_millis(0);
    let mut tx = db.begin_write().await.unwrap();
    let household = insert_household(&mut tx, "home", "Asia/Seoul", false, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    household
}

/// A device in a household of nobody, whose days are those of `zone`.
pub async fn new_device(db: &Db, zone: &str, interval_s: u32) -> Device {
    let now = Timestamp::from_millis(0);
    let order = Order::new(1, "DHT22-ESP32").unwrap();
    let products = shop(db).create(&order, None, now).await.unwrap();
    let serial: Serial = products[0].serial;
    sqlx::query("UPDATE devices SET zone = ?, interval_s = ?, household_id = ? WHERE serial = ?")
        .bind(zone.to_owned())
        .bind(i64::from(interval_s))
        .bind(new_household(db).await.0)
        .bind(serial.to_string())
        .execute(db.pool())
        .await
        .unwrap();
    find_device(db, serial).await.unwrap().unwrap()
}

/// Makes a test for each database out of an `async fn name(db: Db)`.
macro_rules! on_both {
    ($(async fn $name:ident($db:ident: Db) $body:block)+) => {$(
        mod $name {
            #[allow(clippy::allow_attributes, clippy::wildcard_imports, unused_imports, reason = "a test needs some of them")]
            use super::*;

            async fn check($db: server::db::Db) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let store = crate::store::rig::Store::sqlite().await;
                check(store.db.clone()).await;
                store.db.close().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_mariadb() {
                let store = crate::store::rig::Store::mariadb().await;
                check(store.db.clone()).await;
                store.db.close().await;
            }
        }
    )+};
}
pub(crate) use on_both;
