//! A Mosquitto of one test's own, on a free port, gone with the test.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::workshop::wait_for;

pub struct Mosquitto {
    pub port: u16,
    folder: TempDir,
    process: Child,
}

impl Mosquitto {
    /// Starts one that lets everybody in and keeps nothing on disk.
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let config = format!("listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 100000\n");
        std::fs::write(folder.path().join("mosquitto.conf"), config).unwrap();
        let process = spawn(&folder, port);
        Self { port, folder, process }
    }

    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// Ends it without a word to anybody, as a power cut does, and starts it again, empty.
    pub fn crash_and_restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = spawn(&self.folder, self.port);
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn spawn(folder: &TempDir, port: u16) -> Child {
    let mut command = Command::new(program());
    command.arg("-c").arg(folder.path().join("mosquitto.conf"));
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for("mosquitto to listen", || {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    });
    process
}

/// Debian keeps it where only administrators look.
fn program() -> PathBuf {
    let debian = PathBuf::from("/usr/sbin/mosquitto");
    if debian.exists() {
        debian
    } else {
        PathBuf::from("mosquitto")
    }
}
