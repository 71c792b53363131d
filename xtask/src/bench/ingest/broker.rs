//! A Mosquitto of our own for one measurement: free port, own folder, an account for every device.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::Value;

use super::wait;
use crate::command;
use crate::run::children::Process;
use crate::run::ports;

/// The server's account.
pub const SERVER: (&str, &str) = ("server", "server-password");

/// A running broker.
pub struct Mosquitto {
    process: Process,
    /// Where it listens.
    pub port: u16,
}

impl Mosquitto {
    /// Starts it with the server's account and those of `products`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(folder: &Path, products: &[Value]) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let port = ports::free_from(21_883)?;
        let mut accounts = format!("{}:{}\n", SERVER.0, SERVER.1);
        for product in products {
            let text = |name: &str| product["mqtt"][name].as_str().unwrap_or_default();
            writeln!(accounts, "{}:{}", text("username"), text("password"))?;
        }
        let passwords = folder.join("passwords");
        fs::write(&passwords, accounts)?;
        command::run(Command::new("mosquitto_passwd").arg("-U").arg(&passwords))?;
        let rules = format!(
            "pattern readwrite templog/v1/%u/#\n\nuser {}\ntopic readwrite #\n",
            SERVER.0
        );
        fs::write(folder.join("acl"), rules)?;
        fs::write(folder.join("mosquitto.conf"), configuration(folder, port))?;
        let mut mosquitto = Command::new("mosquitto");
        mosquitto
            .env("PATH", path_with_sbin())
            .arg("-c")
            .arg(folder.join("mosquitto.conf"));
        let process = Process::start("mosquitto", &mut mosquitto, folder)?;
        wait::until("mosquitto listens", || {
            Ok(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok())
        })?;
        Ok(Self { process, port })
    }

    /// `host:port`
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// The address the server connects to.
    pub fn server_url(&self) -> String {
        format!("mqtt://{}:{}@127.0.0.1:{}", SERVER.0, SERVER.1, self.port)
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.process.stop();
    }
}

/// Debian keeps servers where only root's PATH looks.
pub fn path_with_sbin() -> String {
    format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default())
}

/// Limits as in the deployment we advise; nothing is saved to disk while we measure, on either side of a comparison.
fn configuration(folder: &Path, port: u16) -> String {
    format!(
        "listener {port} 127.0.0.1\nset_tcp_nodelay true\nallow_anonymous false\n\
         password_file {folder}/passwords\nacl_file {folder}/acl\npersistence false\n\
         max_queued_messages 2000000\nmax_inflight_messages 2000\nmessage_size_limit 262144\n\
         connection_messages false\nlog_type error\nlog_type warning\n{user}",
        folder = folder.display(),
        user = if is_root() { "user root\n" } else { "" },
    )
}

/// Servers refuse to run as root unless told that it is meant.
pub fn is_root() -> bool {
    command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
