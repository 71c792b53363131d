//! A real Mosquitto, with a password for each device and the access rules a real one must have.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::process::{Service, find_program, free_port, is_listening, run};

/// The account of the server.
pub const SERVER: (&str, &str) = ("server", "server-password");

/// A broker on its own port and in its own folder, both kept over a restart.
pub struct Mosquitto {
    /// Where it listens.
    pub address: SocketAddr,
    /// User names and passwords.
    accounts: Vec<(String, String)>,
    dir: TempDir,
    service: Service,
}

impl Mosquitto {
    /// Starts a broker that knows [`SERVER`] and the given devices, and waits until it listens.
    pub fn start(devices: &[(String, String)]) -> Self {
        Self::start_with(devices, "")
    }

    /// The same with more lines in its configuration.
    pub fn start_with(devices: &[(String, String)], more: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut accounts = vec![(SERVER.0.to_owned(), SERVER.1.to_owned())];
        accounts.extend_from_slice(devices);
        let lines = configuration(address, dir.path()) + more;
        write(dir.path(), "mosquitto.conf", &lines);
        write(
            dir.path(),
            "acl",
            &format!(
                "pattern readwrite templog/v1/%u/#\n\nuser {}\ntopic readwrite #\n",
                SERVER.0
            ),
        );
        write_passwords(dir.path(), &accounts);
        let service = serve(dir.path(), address);
        Self {
            address,
            accounts,
            dir,
            service,
        }
    }

    /// The address as the server's configuration wants it.
    pub fn url(&self) -> String {
        format!("mqtt://{}:{}@{}", SERVER.0, SERVER.1, self.address)
    }

    /// Lets more devices in.
    pub fn add(&mut self, devices: &[(String, String)]) {
        self.accounts.extend_from_slice(devices);
        write_passwords(self.dir.path(), &self.accounts);
        self.service.reload();
    }

    /// `kill -9`: what it had not saved is lost.
    pub fn kill9(&mut self) {
        self.service.kill9();
    }

    /// Stops it in order: it saves its sessions.
    pub fn terminate(&mut self) {
        self.service.terminate();
    }

    /// Starts it again on the same port with what it had saved.
    pub fn restart(&mut self) {
        self.service.kill9();
        self.service = serve(self.dir.path(), self.address);
    }
}

/// `max_queued_messages` must not be 0: version 2.0.11 then disconnects whoever publishes what he must not.
fn configuration(address: SocketAddr, dir: &Path) -> String {
    format!(
        "user root\n\
         listener {port} {ip}\n\
         set_tcp_nodelay true\n\
         allow_anonymous false\n\
         password_file {dir}/passwords\n\
         acl_file {dir}/acl\n\
         persistence true\n\
         persistence_location {dir}/\n\
         autosave_interval 1\n\
         max_queued_messages 2000000\n\
         max_inflight_messages 2000\n\
         message_size_limit 262144\n\
         connection_messages false\n\
         log_type error\n\
         log_type warning\n\
         log_type notice\n\
         log_dest stderr\n",
        port = address.port(),
        ip = address.ip(),
        dir = dir.display(),
    )
}

fn write_passwords(dir: &Path, accounts: &[(String, String)]) {
    let mut plain = String::new();
    for (user, password) in accounts {
        writeln!(plain, "{user}:{password}").expect("a string can be written to");
    }
    write(dir, "passwords.new", &plain);
    let file = dir.join("passwords.new");
    run(Command::new("mosquitto_passwd").arg("-U").arg(&file));
    std::fs::rename(file, dir.join("passwords")).expect("a file can be renamed");
}

fn write(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).expect("a temporary file can be written");
}

fn serve(dir: &Path, address: SocketAddr) -> Service {
    let args = ["-c".to_owned(), dir.join("mosquitto.conf").display().to_string()];
    let program = find_program("mosquitto");
    let mut service = Service::start("mosquitto", &program, &args, &[], &dir.join("mosquitto.log"));
    service.wait_until(|| is_listening(address));
    service
}
