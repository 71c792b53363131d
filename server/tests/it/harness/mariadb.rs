//! A real MariaDB: one for the whole test process with a database for each test, or one of a test's own to kill.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use super::process::{Service, find_program, free_port, run};

const USER: &str = "templog";
/// Found nowhere else, so that tests can look for it where it must not be.
const PASSWORD: &str = "mariadb-canary-password";

/// A database server on its own port and in its own folder, both kept over a restart.
pub struct MariaDb {
    address: SocketAddr,
    dir: PathBuf,
    service: Service,
    /// Databases handed out.
    databases: AtomicU32,
}

impl MariaDb {
    /// The one that all tests share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<MariaDb> = OnceLock::new();
        SHARED.get_or_init(Self::own)
    }

    /// One that nobody else uses, so that it may be killed.
    pub fn own() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        sweep();
        let name = format!(
            "mariadb-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        install(&dir);
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let service = serve(&dir, address);
        Self {
            address,
            dir,
            service,
            databases: AtomicU32::new(0),
        }
    }

    /// The URL of a new, empty database.
    pub fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.client(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"));
        format!("mysql://{USER}:{PASSWORD}@{}/{name}", self.address)
    }

    /// `kill -9`.
    pub fn kill9(&mut self) {
        self.service.kill9();
    }

    /// Starts it again with what it had committed.
    pub fn restart(&mut self) {
        self.service.kill9();
        self.service = serve(&self.dir, self.address);
    }

    fn client(&self, statement: &str) {
        run(&mut client(self.address, statement));
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        self.service.kill9();
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Removes what earlier test processes have left behind: the shared one is never dropped.
fn sweep() {
    for entry in std::fs::read_dir(env!("CARGO_TARGET_TMPDIR"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.strip_prefix("mariadb-").and_then(|rest| rest.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn install(dir: &Path) {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).expect("a folder can be made");
    run(Command::new("mariadb-install-db")
        .args([
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--user=root",
        ])
        .arg("--innodb-log-file-size=32M")
        // Two that install at once must not meet over their temporary tables.
        .env("TMPDIR", dir)
        .arg(format!("--datadir={}", dir.join("data").display())));
    let account = format!(
        "CREATE OR REPLACE USER '{USER}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n\
                           GRANT ALL ON *.* TO '{USER}'@'127.0.0.1';\n"
    );
    std::fs::write(dir.join("account.sql"), account).expect("a temporary file can be written");
}

fn serve(dir: &Path, address: SocketAddr) -> Service {
    let args = [
        "--no-defaults".to_owned(),
        "--user=root".to_owned(),
        format!("--datadir={}", dir.join("data").display()),
        // Relative to the data: a socket's full path may not be longer than some hundred bytes.
        "--socket=socket".to_owned(),
        format!("--pid-file={}", dir.join("pid").display()),
        format!("--init-file={}", dir.join("account.sql").display()),
        format!("--bind-address={}", address.ip()),
        format!("--port={}", address.port()),
        "--skip-name-resolve".to_owned(),
        "--skip-log-bin".to_owned(),
        "--innodb-log-file-size=32M".to_owned(),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--innodb-flush-log-at-trx-commit=1".to_owned(),
    ];
    let log = dir.join("mariadb.log");
    let mut service = Service::start("mariadbd", &find_program("mariadbd"), &args, &[], &log);
    service.wait_until(|| {
        client(address, "SELECT 1")
            .output()
            .is_ok_and(|output| output.status.success())
    });
    service
}

fn client(address: SocketAddr, statement: &str) -> Command {
    let mut client = Command::new("mariadb");
    client
        .arg("--no-defaults")
        .arg(format!("--host={}", address.ip()))
        .arg(format!("--port={}", address.port()));
    client
        .arg(format!("--user={USER}"))
        .arg(format!("--password={PASSWORD}"))
        .arg("--execute")
        .arg(statement);
    client
}
