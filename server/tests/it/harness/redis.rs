//! A real Redis that keeps nothing on disk: what it held is gone with it, and must not be missed.

use std::net::SocketAddr;

use tempfile::TempDir;

use super::process::{Service, find_program, free_port, is_listening};

/// A server on its own port, kept over a restart.
pub struct Redis {
    address: SocketAddr,
    dir: TempDir,
    service: Service,
}

impl Redis {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let service = serve(&dir, address);
        Self { address, dir, service }
    }

    /// As `TEMPLOG_REDIS_URL` has it.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.service.kill9();
    }

    /// Starts it again on the same port, empty.
    pub fn restart(&mut self) {
        self.service.kill9();
        self.service = serve(&self.dir, self.address);
    }
}

fn serve(dir: &TempDir, address: SocketAddr) -> Service {
    let (port, folder) = (address.port().to_string(), dir.path().display().to_string());
    let args = [
        "--port",
        &port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        &folder,
    ];
    let log = dir.path().join("redis.log");
    let program = find_program("redis-server");
    let mut service = Service::start("redis-server", &program, &args.map(str::to_owned), &[], &log);
    service.wait_until(|| is_listening(address));
    service
}
