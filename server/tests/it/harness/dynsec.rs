//! A real Mosquitto with dynamic security, as it is after `mosquitto_ctrl dynsec init`: it knows the server, and nobody
//! else until the server says so.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::mosquitto::SERVER;
use super::process::{PATIENCE, Service, find_program, free_port, is_listening, run, wait_for};

const PLUGINS: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/aarch64-linux-gnu/mosquitto_dynamic_security.so",
    "/usr/lib/mosquitto_dynamic_security.so",
];

/// A broker on its own port and in its own folder, both kept over a restart.
pub struct Dynsec {
    /// Where it listens.
    pub address: SocketAddr,
    dir: TempDir,
    service: Service,
    /// Killed by the test.
    is_down: bool,
}

impl Dynsec {
    /// Starts it, and waits until it listens.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        init(&dir.path().join("dynsec.json"));
        let configuration = configuration(address, dir.path());
        std::fs::write(dir.path().join("mosquitto.conf"), configuration).expect("a temporary file can be written");
        let service = serve(dir.path(), address);
        Self {
            address,
            dir,
            service,
            is_down: false,
        }
    }

    /// The address as the server's configuration wants it.
    pub fn url(&self) -> String {
        format!("mqtt://{}:{}@{}", SERVER.0, SERVER.1, self.address)
    }

    /// What it has written down.
    pub fn accounts(&self) -> Value {
        // It writes its file in place: what is read meanwhile may be half of it.
        let read = || serde_json::from_slice(&std::fs::read(self.file()).ok()?).ok();
        wait_for(PATIENCE, read).expect("its file is JSON")
    }

    /// Stops it, changes what it has written down, and starts it again.
    pub fn restart_with(&mut self, change: impl FnOnce(&mut Value)) {
        if !std::mem::replace(&mut self.is_down, false) {
            self.service.terminate();
        }
        let mut accounts = self.accounts();
        change(&mut accounts);
        std::fs::write(self.file(), accounts.to_string()).expect("its file can be written");
        self.service = serve(self.dir.path(), self.address);
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.accounts();
        self.service.kill9();
        self.is_down = true;
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("dynsec.json")
    }
}

fn configuration(address: SocketAddr, dir: &Path) -> String {
    format!(
        "user root\nlistener {port} {ip}\nset_tcp_nodelay true\nallow_anonymous false\n\
         plugin {plugin}\nplugin_opt_config_file {dir}/dynsec.json\n\
         persistence false\nmax_queued_messages 100000\nmessage_size_limit 262144\n\
         connection_messages false\nlog_type error\nlog_type warning\nlog_dest stderr\n",
        port = address.port(),
        ip = address.ip(),
        dir = dir.display(),
        plugin = plugin(),
    )
}

/// Where the plugin is on this machine.
pub fn plugin() -> &'static str {
    PLUGINS
        .iter()
        .find(|plugin| Path::new(plugin).exists())
        .expect("the plugin is installed")
}

/// Makes the plugin's file with nobody in it but [`SERVER`].
pub fn init(file: &Path) {
    let mut init = Command::new("mosquitto_ctrl");
    run(init.args(["dynsec", "init"]).arg(file).args([SERVER.0, SERVER.1]));
}

fn serve(dir: &Path, address: SocketAddr) -> Service {
    let args = ["-c".to_owned(), dir.join("mosquitto.conf").display().to_string()];
    let program = find_program("mosquitto");
    let mut service = Service::start("mosquitto", &program, &args, &[], &dir.join("mosquitto.log"));
    service.wait_until(|| is_listening(address));
    service
}
