//! One stack under measurement: server, database, broker, and devices that belong to somebody.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::broker::Mosquitto;
use super::database::{Database, empty};
use super::load::{Load, Pushed, fire, push};
use super::programs::{PASSWORD, Programs, provision};
use super::{process, wait};
use crate::run::children::Process;
use crate::run::{http, ports};
use crate::stopwatch::Stopwatch;

const EMAIL: &str = "bench@templog.example";

/// Where readings come in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The broker inside the server.
    Embedded,
    /// A Mosquitto beside it.
    Mosquitto,
}

impl Door {
    /// What it is called in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded broker",
            Self::Mosquitto => "Mosquitto",
        }
    }
}

/// What had waited for the server, and how it was taken.
pub struct Backlog {
    /// How many readings these were.
    pub readings: f64,
    /// How long it took until all of them were stored.
    pub seconds: f64,
    /// How often the server lost its connection to the broker meanwhile.
    pub reconnects: f64,
}

/// A running stack.
pub struct Stack {
    server: Process,
    database: Database,
    mosquitto: Option<Mosquitto>,
    /// All devices.
    products: Vec<Value>,
    /// How many of them have been lent out.
    lent: usize,
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
    http_port: u16,
    mqtt_port: u16,
}

impl Stack {
    /// Starts it with `devices` devices of one household.
    ///
    /// # Errors
    /// If a part cannot be started.
    pub fn start(programs: &Programs, door: Door, database: Database, folder: &Path, devices: usize) -> Result<Self> {
        let homes = [(EMAIL.to_owned(), devices)];
        Self::start_for(programs, door, database, folder, &homes, Vec::new())
    }

    /// Starts it for these people with so many devices each, and with more settings.
    ///
    /// # Errors
    /// If a part cannot be started.
    pub fn start_for(
        programs: &Programs,
        door: Door,
        database: Database,
        folder: &Path,
        homes: &[(String, usize)],
        more: Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let data = empty(folder.join("data"))?;
        let mut settings = vec![("TEMPLOG_DATA_DIR", data.display().to_string())];
        settings.extend(database.url().map(|url| ("TEMPLOG_DATABASE_URL", url)));
        settings.extend(more);
        let mut products = Vec::new();
        for (email, devices) in homes {
            products.extend(provision(programs, &settings, email, *devices)?);
        }

        let http_port = ports::free_from(23_000)?;
        settings.push(("TEMPLOG_HTTP_ADDR", format!("127.0.0.1:{http_port}")));
        settings.push(("TEMPLOG_PUBLIC_URL", format!("http://127.0.0.1:{http_port}")));
        let mosquitto = match door {
            Door::Embedded => None,
            Door::Mosquitto => Some(Mosquitto::start(&empty(folder.join("mosquitto"))?, &products)?),
        };
        let mqtt_port = match &mosquitto {
            Some(broker) => broker.port,
            None => ports::free_from(22_883)?,
        };
        match &mosquitto {
            Some(broker) => settings.push(("TEMPLOG_MQTT_URL", broker.server_url())),
            None => settings.push(("TEMPLOG_MQTT_LISTEN", format!("127.0.0.1:{mqtt_port}"))),
        }
        let mut serve = programs.templog();
        let server = Process::start("templog", serve.arg("serve").envs(settings.clone()), folder)?;
        wait::until("the server is ready", || {
            Ok(http::get(http_port, "/readyz", "").is_ok_and(|answer| answer.status == 200))
        })?;
        Ok(Self {
            server,
            database,
            mosquitto,
            products,
            lent: 0,
            folder: folder.to_owned(),
            settings,
            http_port,
            mqtt_port,
        })
    }

    /// Pushes readings through it and measures how fast they are stored; returns when all of them are.
    ///
    /// # Errors
    /// If the generator fails, or something acknowledged is not stored.
    pub fn push(&self, programs: &Programs, load: &Load) -> Result<Pushed> {
        let before = self.stored()?;
        let broker = format!("mqtt://127.0.0.1:{}", self.mqtt_port);
        let pushed = push(programs, &broker, load, || self.stored())?;
        wait::until("all acknowledged readings are stored", || {
            Ok(self.stored()? - before >= pushed.acked)
        })?;
        Ok(pushed)
    }

    /// One more account, with a household of so many devices.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn add_household(&self, programs: &Programs, email: &str, devices: usize) -> Result<()> {
        provision(programs, &self.settings, email, devices).map(drop)
    }

    /// Its database, for what writes straight into it.
    pub fn database_url(&self) -> String {
        let file = || format!("sqlite://{}", self.folder.join("data/templog.db").display());
        self.database.url().unwrap_or_else(file)
    }

    /// Asks the running server about its past, as `templog-bench history` prints it; `None` is the first account.
    ///
    /// # Errors
    /// If it cannot be measured.
    pub fn ask(&self, programs: &Programs, email: Option<&str>, what: &str, requests: usize) -> Result<Value> {
        let (http, requests) = (self.address(), requests.to_string());
        let email = email.unwrap_or(EMAIL);
        let mut arguments = vec!["history", "--http", &http, "--email", email, "--password", PASSWORD];
        arguments.extend(["--what", what, "--requests", &requests]);
        programs.bench(&arguments)
    }

    /// Where its pages are.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.http_port)
    }

    /// Where readings come in.
    pub fn door(&self) -> Door {
        match self.mosquitto {
            Some(_) => Door::Mosquitto,
            None => Door::Embedded,
        }
    }

    /// Holds the server still while readings pile up at the broker, and measures how fast it takes them then.
    ///
    /// # Errors
    /// If the generator fails, or something acknowledged is not stored.
    pub fn take_backlog(&self, programs: &Programs, load: &Load) -> Result<Backlog> {
        let (stored, lost) = (self.stored()?, self.reconnects()?);
        process::hold(self.server.id())?;
        let readings = fire(programs, &format!("mqtt://127.0.0.1:{}", self.mqtt_port), load);
        process::go_on(self.server.id())?;
        let (readings, watch) = (readings?, Stopwatch::start());
        wait::until("the backlog is stored", || Ok(self.stored()? - stored >= readings))?;
        Ok(Backlog {
            readings,
            seconds: watch.elapsed().as_secs_f64(),
            reconnects: self.reconnects()? - lost,
        })
    }

    /// Publish → the mail server's "250", as `templog-bench alert` prints it: these people, each with so many of the
    /// devices that have not been lent out yet.
    ///
    /// # Errors
    /// If it cannot be measured, or somebody is not told.
    pub fn alert(&mut self, programs: &Programs, homes: &[(String, usize)], asked: &[&str]) -> Result<Value> {
        let mut people = Vec::new();
        for (email, devices) in homes {
            let products = self.lend(*devices)?;
            people.push(json!({ "email": email, "products": products }));
        }
        let file = self.folder.join(format!("homes-{}.json", self.lent));
        fs::write(&file, serde_json::to_vec(&people)?)?;
        let (http, mqtt) = (
            format!("http://127.0.0.1:{}", self.http_port),
            self.mqtt_port.to_string(),
        );
        let file = file.display().to_string();
        let mut arguments = vec!["alert", "--http", &http, "--mqtt-port", &mqtt, "--homes", &file];
        arguments.extend(["--password", PASSWORD]);
        arguments.extend(asked);
        programs.bench(&arguments)
    }

    /// Publish → websocket, as `templog-bench latency` prints it.
    ///
    /// # Errors
    /// If it cannot be measured.
    pub fn latency(&self, programs: &Programs, credentials: &Path, rate: u32, seconds: u32) -> Result<Value> {
        programs.bench(&[
            "latency",
            "--mqtt-port",
            &self.mqtt_port.to_string(),
            "--http",
            &format!("http://127.0.0.1:{}", self.http_port),
            "--email",
            EMAIL,
            "--password",
            PASSWORD,
            "--credentials",
            &credentials.display().to_string(),
            "--rate",
            &rate.to_string(),
            "--seconds",
            &seconds.to_string(),
        ])
    }

    /// Readings stored since the server started.
    fn stored(&self) -> Result<f64> {
        self.counted(r#"templog_readings_total{outcome="stored"}"#)
    }

    /// Connections to the broker lost since the server started, whatever the cause.
    fn reconnects(&self) -> Result<f64> {
        self.counted("templog_mqtt_reconnects_total{")
    }

    /// The sum of the counters whose line begins so.
    fn counted(&self, name: &str) -> Result<f64> {
        let answer = http::get(self.http_port, "/metrics", "")?;
        ensure!(answer.status == 200, "/metrics was answered with {}", answer.status);
        let lines = answer.body.lines().filter(|line| line.starts_with(name));
        let number = |line: &str| line.rsplit(' ').next()?.parse::<f64>().ok();
        Ok(lines.filter_map(number).sum())
    }

    /// Processor time of the server and its database server so far, µs.
    ///
    /// # Errors
    /// If one of them has ended.
    pub fn cpu_us(&self) -> Result<f64> {
        let database = self.database.pid().map_or(Ok(0.0), process::cpu_us)?;
        Ok(process::cpu_us(self.server.id())? + database)
    }

    /// Memory of the server alone, KB.
    ///
    /// # Errors
    /// If it has ended.
    pub fn server_rss_kb(&self) -> Result<f64> {
        process::rss_kb(self.server.id())
    }

    /// Credentials of so many devices that have not reported yet.
    ///
    /// # Errors
    /// If too few are left.
    pub fn fresh_devices(&mut self, count: usize) -> Result<PathBuf> {
        let file = self.folder.join(format!("products-{}.json", self.lent));
        fs::write(&file, serde_json::to_vec(self.lend(count)?)?)?;
        Ok(file)
    }

    fn lend(&mut self, count: usize) -> Result<&[Value]> {
        let from = self.lent;
        self.lent += count;
        let lent = self.products.get(from..self.lent);
        lent.context("the stack was started with too few devices")
    }

    /// Ends all of it.
    pub fn stop(&mut self) {
        self.server.stop();
        if let Some(mosquitto) = &mut self.mosquitto {
            mosquitto.stop();
        }
        self.database.stop();
    }
}
