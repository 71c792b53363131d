//! The real server with a real database, a real broker where the door asks for one, and the devices that belong to it.

use std::net::SocketAddr;

use server::db::{Db, sqlite_url};
use server::products::Product;
use tempfile::TempDir;

use super::fleet::DEVICES;
use super::oracle::Promise;
use crate::doors::site::Sold;
use crate::harness::mariadb::MariaDb;
use crate::harness::mosquitto::Mosquitto;
use crate::harness::process::TemplogProcess;

/// Everything a reading passes through.
pub struct World {
    pub server: TemplogProcess,
    pub mosquitto: Option<Mosquitto>,
    pub mariadb: Option<MariaDb>,
    pub sold: Vec<Sold>,
    database_url: String,
    _dir: TempDir,
}

impl World {
    /// Nothing but the server: embedded broker and SQLite.
    pub fn embedded() -> Self {
        Self::embedded_with(&[])
    }

    /// The same with more settings.
    pub fn embedded_with(more: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let database_url = sqlite_url(&dir.path().join("crash.db"));
        let mut env = vec![("TEMPLOG_DATABASE_URL", database_url.as_str())];
        env.extend_from_slice(more);
        let server = TemplogProcess::start(&env);
        Self {
            sold: make_products(&server, DEVICES),
            server,
            mosquitto: None,
            mariadb: None,
            database_url,
            _dir: dir,
        }
    }

    /// Mosquitto and MariaDB, both its own.
    pub fn linked() -> Self {
        Self::linked_with(&[])
    }

    /// The same with more settings.
    pub fn linked_with(more: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let mariadb = MariaDb::own();
        let mut mosquitto = Mosquitto::start(&[]);
        let database_url = mariadb.create_database();
        let url = mosquitto.url();
        let mut env = vec![
            ("TEMPLOG_DATABASE_URL", database_url.as_str()),
            ("TEMPLOG_MQTT_URL", &url),
        ];
        env.extend_from_slice(more);
        let server = TemplogProcess::start(&env);
        let sold = make_products(&server, DEVICES);
        mosquitto.add(&sold.iter().map(Sold::account).collect::<Vec<_>>());
        Self {
            server,
            mosquitto: Some(mosquitto),
            mariadb: Some(mariadb),
            sold,
            database_url,
            _dir: dir,
        }
    }

    /// What it is called in a report.
    pub fn door(&self) -> &'static str {
        match self.mosquitto {
            Some(_) => "Mosquitto + MariaDB",
            None => "embedded broker + SQLite",
        }
    }

    /// Where devices connect.
    pub fn address(&self) -> SocketAddr {
        self.mosquitto
            .as_ref()
            .map_or(self.server.mqtt, |mosquitto| mosquitto.address)
    }

    /// Lets more devices in: a broker outside knows of its own only.
    pub fn let_in(&mut self, accounts: &[(String, String)]) {
        if let Some(mosquitto) = &mut self.mosquitto {
            mosquitto.add(accounts);
        }
    }

    /// What a device may rely on.
    pub fn promise(&self) -> Promise {
        if self.mosquitto.is_some() {
            Promise::Ack
        } else {
            Promise::PubackAndAck
        }
    }

    /// The server's database, seen from outside.
    pub async fn database(&self) -> Db {
        Db::connect(&self.database_url)
            .await
            .expect("the database can be opened")
    }
}

/// Devices of Mina's.
pub fn make_products(server: &TemplogProcess, count: usize) -> Vec<Sold> {
    server.command_with(&["user", "create", "mina@home.example"], "correct horse battery\n");
    let (count, owner) = (count.to_string(), "mina@home.example");
    let printed = server.command(&["product", "create", "--count", &count, "--owner", owner]);
    let products: Vec<Product> = serde_json::from_str(&printed).expect("products are printed as JSON");
    let sold = |product: Product| Sold {
        serial: product.serial,
        password: product.mqtt.password,
    };
    products.into_iter().map(sold).collect()
}
