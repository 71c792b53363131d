//! `cargo xtask run`: from a fresh clone to a page whose numbers move.

pub mod children;
mod demo;
pub mod http;
pub mod ports;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::command;
use crate::setup;
use crate::site::{self, Profile};
use crate::steps::Steps;
use crate::stopwatch::Stopwatch;
use crate::tools::Tools;
use children::Process;

/// An hour of the recorded house passes in a minute.
const SPEED: &str = "60";
const ROOMS: &str = "3";
const DAYS: &str = "90";
/// Where the demo household is at home.
const ZONE: &str = "Asia/Seoul";
/// The slowest machine is up by then.
const PATIENCE: Duration = Duration::from_mins(1);

/// The whole command; returns when Ctrl-C (or a signal to end) has stopped everything.
///
/// # Errors
/// If a step fails, or server or simulator ends by itself.
pub fn run(mut tools: Tools) -> Result<()> {
    let mut steps = Steps::new();
    let data = DataFolder::lock(tools.workspace.root.join("data"))?;
    setup::for_build(&mut steps, &mut tools)?;
    let page = steps.must("page, release build", || site::build_page(&tools, Profile::Release))?;
    let programs = steps.must("server and simulator, release build", || site::build_programs(&tools))?;

    let mut house = steps.must("free ports", || House::new(tools, programs, page, data))?;
    steps.must("demo household: 90 days of three real rooms", || house.seed())?;
    steps.must("server", || house.start_server())?;
    steps.must("simulator: first live reading", || house.start_simulator())?;
    house.announce(&steps);
    house.watch()
}

/// Where the running house keeps what it measures. Two servers on one folder would both believe themselves alone,
/// and a second build would take the page away from under the first server.
struct DataFolder {
    path: PathBuf,
    /// Held while we run.
    _lock: File,
}

impl DataFolder {
    fn lock(path: PathBuf) -> Result<Self> {
        fs::create_dir_all(&path)?;
        let lock = File::create(path.join("run.lock"))?;
        if lock.try_lock().is_err() {
            bail!(
                "another `cargo xtask run` is using {}: stop that one first",
                path.display()
            );
        }
        Ok(Self { path, _lock: lock })
    }
}

/// Tells when it is time to end. Until this is called there is nothing to stop, and the system's default is right.
fn signals() -> Result<Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more only when we are ending anyway.
        sender.send(()).ok();
    })?;
    Ok(receiver)
}

/// Everything that runs, and what it runs on.
struct House {
    tools: Tools,
    /// Folder of `templog` and `templog-simulator`.
    programs: PathBuf,
    /// Folder of the page's files.
    page: PathBuf,
    data: DataFolder,
    http_port: u16,
    mqtt_port: u16,
    processes: Vec<Process>,
    signals: Receiver<()>,
}

impl House {
    fn new(tools: Tools, programs: PathBuf, page: PathBuf, data: DataFolder) -> Result<Self> {
        let (http_port, mqtt_port) = (ports::free_from(3000)?, ports::free_from(1883)?);
        let (processes, signals) = (Vec::new(), signals()?);
        Ok(Self {
            tools,
            programs,
            page,
            data,
            http_port,
            mqtt_port,
            processes,
            signals,
        })
    }

    /// Idempotent: a household that is there keeps what it has seen since.
    fn seed(&self) -> Result<()> {
        let mut demo = self.templog();
        demo.args(["demo", "--days", DAYS, "--file"]).arg(self.recording());
        command::run(demo.arg("--credentials").arg(self.credentials()))
    }

    fn start_server(&mut self) -> Result<()> {
        let mut serve = self.templog();
        self.processes.push(Process::start(
            "server",
            serve.arg("serve"),
            &self.data.path.join("logs"),
        )?);
        let port = self.http_port;
        self.wait("the server is not ready", || {
            Ok(http::get(port, "/readyz", "").is_ok_and(|answer| answer.status == 200))
        })
    }

    fn start_simulator(&mut self) -> Result<()> {
        let port = self.http_port;
        let before = demo::last_readings(port)?.into_iter().max();
        let mut simulator = self.tools.command(self.programs.join("templog-simulator"));
        simulator
            .arg("--broker")
            .arg(format!("mqtt://127.0.0.1:{}", self.mqtt_port));
        simulator
            .args(["--rooms", ROOMS, "--speed", SPEED, "--file"])
            .arg(self.recording());
        simulator.arg("--credentials").arg(self.credentials());
        // The live readings go on where the seeded history ends, and begin anew when the recording is over.
        simulator.args(["--wall-clock", ZONE, "--repeat"]);
        self.processes.push(Process::start(
            "simulator",
            &mut simulator,
            &self.data.path.join("logs"),
        )?);
        self.wait("no reading has arrived", || {
            Ok(demo::last_readings(port)?.into_iter().max() > before)
        })
    }

    fn announce(&self, steps: &Steps) {
        println!("\n  TempLog runs:   http://localhost:{}", self.http_port);
        println!("  Sign in with:   {} / {}", demo::EMAIL, demo::PASSWORD);
        println!("  Devices:        mqtt://127.0.0.1:{}", self.mqtt_port);
        println!("  Data and logs:  {}", self.data.path.display());
        println!("  Up after {}. Ctrl-C stops everything.", steps.time());
    }

    /// Until told to end. A process that ends by itself is an error, with its last words.
    fn watch(&mut self) -> Result<()> {
        while let Err(RecvTimeoutError::Timeout) = self.signals.recv_timeout(Duration::from_millis(500)) {
            self.all_alive()?;
        }
        println!("\nStopping …");
        // The devices first: nobody needs to be told that the broker is leaving.
        while let Some(mut process) = self.processes.pop() {
            process.stop();
        }
        println!("Stopped. What was measured is kept in {}.", self.data.path.display());
        Ok(())
    }

    fn wait(&mut self, otherwise: &str, condition: impl Fn() -> Result<bool>) -> Result<()> {
        let watch = Stopwatch::start();
        loop {
            self.all_alive()?;
            let state = condition();
            if matches!(state, Ok(true)) {
                return Ok(());
            }
            if watch.elapsed() > PATIENCE {
                let words = self.processes.last().map(Process::last_words).unwrap_or_default();
                return state.and_then(|_| bail!("{otherwise} after {PATIENCE:?}; the last words were:\n{words}"));
            }
            if self.signals.recv_timeout(Duration::from_millis(100)).is_ok() {
                bail!("stopped before everything was up");
            }
        }
    }

    fn all_alive(&mut self) -> Result<()> {
        for process in &mut self.processes {
            if let Some(status) = process.ended()? {
                bail!(
                    "{} ended by itself ({status}); its last words were:\n{}",
                    process.name(),
                    process.last_words()
                );
            }
        }
        Ok(())
    }

    /// The server's program, with everything embedded whatever the caller's environment says.
    fn templog(&self) -> Command {
        let mut templog = self.tools.command(self.programs.join("templog"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TEMPLOG_") {
                templog.env_remove(&name);
            }
        }
        templog
            .env("TEMPLOG_HTTP_ADDR", format!("127.0.0.1:{}", self.http_port))
            .env("TEMPLOG_PUBLIC_URL", format!("http://localhost:{}", self.http_port))
            .env("TEMPLOG_MQTT_LISTEN", format!("127.0.0.1:{}", self.mqtt_port))
            .env("TEMPLOG_DATA_DIR", &self.data.path)
            .env("TEMPLOG_SITE_DIR", &self.page);
        templog
    }

    fn recording(&self) -> PathBuf {
        self.tools.workspace.root.join("firmware/simulator/rooms/house.csv")
    }

    fn credentials(&self) -> PathBuf {
        self.data.path.join("demo-products.json")
    }
}
