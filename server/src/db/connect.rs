//! Opens the database: one pool that speaks to SQLite or MariaDB through the same calls.
//!
//! SQLite runs in WAL mode with `synchronous = NORMAL`: a commit survives a killed process, and a power cut can only
//! take the very last ones, never the file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Transaction};

use super::Dialect;
use crate::error::{Error, Result};

/// A transaction; dropped without `commit` it is rolled back.
pub type Tx<'c> = Transaction<'c, Any>;

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static MARIADB: Migrator = sqlx::migrate!("../migrations/mariadb");

const SQLITE_SETUP: [&str; 6] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8000",
];
/// KiB: a page for each of 4,000 devices that send at once.
const SQLITE_WRITER_CACHE: &str = "PRAGMA cache_size = -16000";
// Read committed: no gap locks, so writers of different devices do not meet.
const MARIADB_SETUP: [&str; 1] = ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"];

const SQLITE_CONNECTIONS: u32 = 6;
const MARIADB_CONNECTIONS: u32 = 16;
/// How long a caller waits for a connection before it hears that the database is away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// The database; cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pool: AnyPool,
    dialect: Dialect,
}

impl Db {
    /// Connects to `sqlite://path?mode=rwc` or `mysql://user:password@host/database`. A missing SQLite file is made.
    pub async fn connect(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let dialect = Dialect::of_url(url)
            .ok_or_else(|| Error::Config("a database URL starts with sqlite:// or mysql://".to_owned()))?;
        let (connections, setup) = match dialect {
            Dialect::Sqlite => (SQLITE_CONNECTIONS, &SQLITE_SETUP[..]),
            Dialect::MariaDb => (MARIADB_CONNECTIONS, &MARIADB_SETUP[..]),
        };
        if dialect == Dialect::Sqlite {
            create_folder_of(url)?;
        }
        // The pool would try again and again, and in the end only say that it has waited.
        let mut probe = AnyConnection::connect(url).await?;
        set_up(&mut probe, setup).await?;
        probe.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| Box::pin(set_up(connection, setup)))
            .connect(url)
            .await?;
        Ok(Self { pool, dialect })
    }

    /// Brings the schema up to date; several servers may do so at once.
    pub async fn migrate(&self) -> Result<()> {
        let migrator = match self.dialect {
            Dialect::Sqlite => &SQLITE,
            Dialect::MariaDb => &MARIADB,
        };
        Ok(migrator.run(&self.pool).await?)
    }

    /// The pool, for reading.
    pub const fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Which SQL is spoken.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Begins a transaction that is going to write. SQLite takes its one write lock here, not at the first write,
    /// where a second writer could no longer wait.
    pub async fn begin_write(&self) -> Result<Tx<'static>> {
        Ok(self.pool.begin_with(self.dialect.begin_write()).await?)
    }

    /// A connection of one's own, for a writer that keeps prepared statements and page caches warm.
    pub async fn acquire_writer(&self) -> Result<PoolConnection<Any>> {
        let mut connection = self.pool.acquire().await?;
        if self.dialect == Dialect::Sqlite {
            sqlx::query(SQLITE_WRITER_CACHE).execute(&mut *connection).await?;
        }
        Ok(connection)
    }

    /// Begins a writing transaction on a connection from [`Db::acquire_writer`].
    pub async fn begin_write_on<'c>(&self, connection: &'c mut AnyConnection) -> Result<Tx<'c>> {
        Ok(connection.begin_with(self.dialect.begin_write()).await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Waits for the connections in use and closes them all.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// The URL of an SQLite file, with what a path may contain escaped.
pub fn sqlite_url(file: &Path) -> String {
    let escaped = file
        .to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    format!("sqlite://{escaped}?mode=rwc")
}

async fn set_up(connection: &mut AnyConnection, statements: &'static [&'static str]) -> sqlx::Result<()> {
    for statement in statements {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(())
}

fn create_folder_of(url: &str) -> Result<()> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    let path = PathBuf::from(path.replace("%23", "#").replace("%3F", "?").replace("%25", "%"));
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder).map_err(|source| Error::Io {
            context: format!("create {}", folder.display()),
            source,
        }),
        _ => Ok(()),
    }
}
