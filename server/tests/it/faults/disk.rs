//! A disk that is full: nothing is acknowledged, `/readyz` tells, and with room again everything goes on.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use server::products::Product;
use tempfile::TempDir;

use super::rig::publish_until_acknowledged;
use crate::doors::site::poll;
use crate::harness::process::{Service, find_program, free_port, run};

/// The disk: room for a new store, and little more.
const DISK_KIB: u64 = 16 * 1024;

struct Machine {
    http: SocketAddr,
    mqtt: SocketAddr,
    service: Service,
    /// The disk, as this process reaches it.
    disk: PathBuf,
    _dir: TempDir,
}

impl Machine {
    /// A server on a small disk of its own, with a store that was made elsewhere.
    fn start(store: &Path) -> Self {
        let address = || SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (http, mqtt, dir) = (address(), address(), tempfile::tempdir().unwrap());
        let disk = dir.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let script = format!(
            "mount -t tmpfs -o size={DISK_KIB}k tmpfs {disk} && cp -a {store}/. {disk} && exec {program} serve",
            disk = disk.display(),
            store = store.display(),
            program = env!("CARGO_BIN_EXE_templog"),
        );
        let env = [
            ("TEMPLOG_HTTP_ADDR", http.to_string()),
            ("TEMPLOG_MQTT_LISTEN", mqtt.to_string()),
            ("TEMPLOG_DATA_DIR", disk.display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        // A namespace of its own: mounting in it needs no rights outside it, and it is gone with the process.
        let args = ["--user", "--map-root-user", "--mount", "sh", "-c", &script].map(str::to_owned);
        let log = dir.path().join("server.log");
        let mut service = Service::start("templog", &find_program("unshare"), &args, &env, &log);
        service.wait_until(|| readyz(http).is_some_and(|(status, _)| status == 200));
        let disk = PathBuf::from(format!("/proc/{}/root{}", service.id(), disk.display()));
        Self {
            http,
            mqtt,
            service,
            disk,
            _dir: dir,
        }
    }

    /// Leaves no room.
    fn fill(&self) {
        let zeros = vec![0_u8; usize::try_from(DISK_KIB * 1024).unwrap()];
        assert!(fs::write(self.disk.join("filler"), zeros).is_err(), "it fits nowhere");
    }

    fn make_room(&self) {
        fs::remove_file(self.disk.join("filler")).unwrap();
    }

    async fn wait_told(&self, status: u16, word: &str) {
        let told = poll(async || readyz(self.http).filter(|(code, text)| *code == status && text.contains(word)));
        assert!(told.await.is_some(), "{word} is not told:\n{}", self.service.log_tail());
    }
}

fn readyz(http: SocketAddr) -> Option<(u16, String)> {
    crate::harness::process::get(http, "/readyz")
}

/// A store with one device that somebody owns.
fn store() -> (TempDir, Product) {
    let dir = tempfile::tempdir().unwrap();
    let templog = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_templog"));
        command.args(args).env_clear().env("TEMPLOG_DATA_DIR", dir.path());
        command
    };
    let script = format!(
        "echo 'correct horse battery' | {} user create mina@home.example",
        env!("CARGO_BIN_EXE_templog")
    );
    run(Command::new("sh")
        .args(["-c", &script])
        .env("TEMPLOG_DATA_DIR", dir.path()));
    let made = run(&mut templog(&[
        "product",
        "create",
        "--count",
        "1",
        "--owner",
        "mina@home.example",
    ]));
    let mut products: Vec<Product> = serde_json::from_slice(&made.stdout).unwrap();
    (dir, products.remove(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_acknowledges_nothing_tells_and_goes_on_when_there_is_room() {
    let (dir, device) = store();
    let machine = Machine::start(dir.path());
    publish_until_acknowledged(machine.mqtt, device.clone(), 1).await;

    machine.fill();
    // What is left of the last page may still take a few.
    let sending = tokio::spawn({
        let (mqtt, device) = (machine.mqtt, device.clone());
        async move {
            for seq in 2..=200 {
                publish_until_acknowledged(mqtt, device.clone(), seq).await;
            }
        }
    });
    machine.wait_told(503, "\"intake\":\"stuck\"").await;
    assert!(!sending.is_finished());

    machine.make_room();
    machine.wait_told(200, "\"intake\":\"ok\"").await;
    sending.await.unwrap();
    let (_, metrics) = crate::harness::process::get(machine.http, "/metrics").unwrap();
    let stored = metrics
        .lines()
        .find(|line| line.starts_with("templog_readings_total{outcome=\"stored\"}"));
    assert_eq!(
        stored,
        Some("templog_readings_total{outcome=\"stored\"} 200"),
        "each once"
    );
}
