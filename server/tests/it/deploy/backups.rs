//! `backup.sh` and `restore.sh`, as people run them, on both databases.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use server::db::{Db, sqlite_url};
use tempfile::TempDir;

use crate::harness::mariadb::MariaDb;
use crate::harness::process::{TemplogProcess, run};

const OWNER: &str = "mina@home.example";

/// A script of the `deploy/backup` folder with these settings.
fn script(name: &str, argument: &Path, settings: &[(&str, &str)]) -> Command {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy/backup")
        .join(name);
    let mut command = Command::new("bash");
    command.arg(file).arg(argument);
    command.env("TEMPLOG", env!("CARGO_BIN_EXE_templog"));
    command.envs(settings.iter().copied());
    command
}

fn printed_path(output: &Output) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

/// How many devices a database knows, and whose they are.
async fn devices_of(url: &str) -> Vec<(String, String)> {
    let db = Db::connect(url).await.expect("the database can be opened");
    let rows = sqlx::query_as(
        "SELECT d.serial, u.email FROM devices d JOIN memberships m ON m.household_id = d.household_id \
         JOIN users u ON u.id = m.user_id ORDER BY d.serial",
    );
    let rows = rows.fetch_all(db.pool()).await.expect("devices can be listed");
    db.close().await;
    rows
}

/// A server that is running, with an account and three devices.
fn home(settings: &[(&str, &str)]) -> TemplogProcess {
    let server = TemplogProcess::start(settings);
    server.command_with(&["user", "create", OWNER], "correct horse battery\n");
    server.command(&["product", "create", "--count", "3", "--owner", OWNER]);
    server
}

async fn comes_back(url: &str, new_url: &str, data: &Path, new_data: &Path) {
    let backups = TempDir::new().unwrap();
    let (data, new_data) = (data.display().to_string(), new_data.display().to_string());
    let settings = [("TEMPLOG_DATABASE_URL", url), ("TEMPLOG_DATA_DIR", &data)];
    let copy = printed_path(&run(&mut script("backup.sh", backups.path(), &settings)));

    let settings = [("TEMPLOG_DATABASE_URL", new_url), ("TEMPLOG_DATA_DIR", &new_data)];
    run(&mut script("restore.sh", &copy, &settings));

    let restored = devices_of(new_url).await;
    assert_eq!(restored.len(), 3);
    assert_eq!(restored, devices_of(url).await);
    let key = |folder: &str| std::fs::read(Path::new(folder).join("secret.key")).expect("there is a key");
    assert_eq!(
        key(&data),
        key(&new_data),
        "sessions and sealed secrets can be read again"
    );

    let again = script("restore.sh", &copy, &settings).output().unwrap();
    assert!(!again.status.success(), "what is there is never overwritten");
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing was changed"));
}

#[tokio::test]
async fn an_sqlite_database_comes_back_from_its_backup() {
    let (folder, new_folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let data = folder.path().display().to_string();
    let url = sqlite_url(&folder.path().join("templog.db"));
    let new_url = sqlite_url(&new_folder.path().join("templog.db"));
    let _server = home(&[("TEMPLOG_DATABASE_URL", &url), ("TEMPLOG_DATA_DIR", &data)]);
    comes_back(&url, &new_url, folder.path(), new_folder.path()).await;
}

#[tokio::test]
async fn a_mariadb_comes_back_from_its_backup() {
    let (folder, new_folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let data = folder.path().display().to_string();
    let (url, new_url) = (MariaDb::shared().create_database(), MariaDb::shared().create_database());
    let _server = home(&[("TEMPLOG_DATABASE_URL", &url), ("TEMPLOG_DATA_DIR", &data)]);
    comes_back(&url, &new_url, folder.path(), new_folder.path()).await;
}
