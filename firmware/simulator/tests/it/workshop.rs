//! What every test here needs: files, the program under test, and patience.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use domain::serial::Serial;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Polls until it is so.
pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..PATIENCE.as_millis() / LOOK_EVERY.as_millis() {
        if is_so() {
            return;
        }
        std::thread::sleep(LOOK_EVERY);
    }
    panic!("waited {PATIENCE:?} for {what}");
}

/// A folder with credentials and recordings.
pub struct Workshop {
    folder: TempDir,
    broker: String,
}

/// The program under test; killed if a test forgets it.
pub struct Simulator(Option<Child>);

pub fn serial(index: u64) -> Serial {
    Serial::from_bits(0x1234_5678 + index)
}

impl Workshop {
    /// Credentials of `products` devices at that broker.
    pub fn new(broker: &str, products: u64) -> Self {
        let product = |index| {
            let serial = serial(index);
            let mqtt =
                json!({"url": "mqtt://nowhere.invalid", "client_id": serial, "username": serial, "password": "x"});
            json!({"serial": serial, "claim_code": "8XRM-4T0C-ZV5H", "mqtt": mqtt, "claim_url": "http://localhost/"})
        };
        let products: Vec<Value> = (0..products).map(product).collect();
        let workshop = Self {
            folder: tempfile::tempdir().unwrap(),
            broker: broker.to_owned(),
        };
        std::fs::write(workshop.path("products.json"), serde_json::to_vec(&products).unwrap()).unwrap();
        workshop
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A recording of two rooms with a row a minute; row `i` of the second is one degree warmer.
    pub fn record(&self, rows: u32) {
        let mut text = "ts_utc,device,temperature_c,humidity_pct\n".to_owned();
        for i in 0..rows {
            let (hour, minute) = (i / 60, i % 60);
            for (room, warmer) in [("hall", 0.0), ("attic", 1.0)] {
                let t = 20.0 + warmer + f64::from(i % 10) / 10.0;
                writeln!(text, "2016-01-11T{hour:02}:{minute:02}:00Z,{room},{t},45.5").unwrap();
            }
        }
        std::fs::write(self.path("rooms.csv"), text).unwrap();
    }

    /// Starts a replay of the recording; a recorded minute takes `minute_ms`.
    pub fn replay(&self, rooms: u32, minute_ms: u32) -> Simulator {
        self.replay_with(rooms, minute_ms, &[])
    }

    /// The same with things that go wrong.
    pub fn replay_with(&self, rooms: u32, minute_ms: u32, faults: &[&str]) -> Simulator {
        let mut command = self.command();
        command.args(faults.iter().flat_map(|fault| ["--fault", fault]));
        command.args([
            "--rooms",
            &rooms.to_string(),
            "--speed",
            &(60_000 / minute_ms).to_string(),
        ]);
        command.arg("--file").arg(self.path("rooms.csv"));
        Simulator::start(command)
    }

    /// Starts a load run.
    pub fn load(&self, args: &[&str]) -> Simulator {
        let mut command = Command::new(env!("CARGO_BIN_EXE_templog-simulator"));
        command.arg("load");
        self.add_account(&mut command);
        command.args(args).arg("--log").arg(self.path("load.log"));
        Simulator::start(command)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_templog-simulator"));
        self.add_account(&mut command);
        command
    }

    fn add_account(&self, command: &mut Command) {
        command
            .args(["--broker", &self.broker])
            .arg("--credentials")
            .arg(self.path("products.json"));
    }
}

impl Simulator {
    fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(Some(command.spawn().unwrap()))
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let id = self.0.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Waits for its end, which must be a good one.
    pub fn finish(mut self) -> Output {
        wait_for("the simulator to end", || {
            self.0.as_mut().unwrap().try_wait().unwrap().is_some()
        });
        let output = self.0.take().unwrap().wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(process) = &mut self.0 {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
