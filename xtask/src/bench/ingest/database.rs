//! The database of one measurement: an SQLite file, or a MariaDB server of our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::broker::{is_root, path_with_sbin};
use super::wait;
use crate::command;
use crate::run::children::Process;
use crate::run::ports;

/// Where the server keeps what it knows.
pub enum Database {
    /// A file in this folder.
    Sqlite(PathBuf),
    /// A server of our own.
    MariaDb {
        /// The running server.
        server: Process,
        /// Where it listens.
        port: u16,
    },
}

impl Database {
    /// An empty SQLite file in an empty folder.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn sqlite(folder: &Path) -> Result<Self> {
        let folder = empty(folder.join("sqlite"))?;
        Ok(Self::Sqlite(folder))
    }

    /// A fresh MariaDB on a free port.
    ///
    /// # Errors
    /// If it cannot be made or started.
    pub fn mariadb(folder: &Path) -> Result<Self> {
        let folder = empty(folder.join("mariadb"))?;
        let data = folder.join("data");
        let socket = folder.join("socket");
        let mut install = Command::new("mariadb-install-db");
        install.args([
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]);
        command::output(install.arg(format!("--datadir={}", data.display())).args(user()))?;
        let port = ports::free_from(23_306)?;
        let mut start = Command::new("mariadbd");
        start.env("PATH", path_with_sbin()).args([
            "--no-defaults",
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
        ]);
        start
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", socket.display()));
        start.arg(format!("--port={port}")).args(user());
        let server = Process::start("mariadbd", &mut start, &folder)?;
        let statement = "CREATE DATABASE templog CHARACTER SET utf8mb4; CREATE USER bench@'127.0.0.1' IDENTIFIED BY 'bench'; \
                         GRANT ALL ON templog.* TO bench@'127.0.0.1'";
        wait::until("mariadbd answers", || {
            let mut client = Command::new("mariadb");
            client.args(["--no-defaults", "--user=root", "--execute", statement]);
            Ok(command::output(client.arg(format!("--socket={}", socket.display()))).is_ok())
        })?;
        Ok(Self::MariaDb { server, port })
    }

    /// What it is called in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SQLite",
            Self::MariaDb { .. } => "MariaDB",
        }
    }

    /// Its address for the server; `None` is the server's own default.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite(_) => None,
            Self::MariaDb { port, .. } => Some(format!("mysql://bench:bench@127.0.0.1:{port}/templog")),
        }
    }

    /// Where bare rows may be written: the same server, or a file beside the real one.
    pub fn scratch_url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}?mode=rwc", folder.join("bare.db").display()),
            Self::MariaDb { .. } => self.url().unwrap_or_default(),
        }
    }

    /// The server's process, whose work belongs to the cost of a reading.
    pub fn pid(&self) -> Option<u32> {
        match self {
            Self::Sqlite(_) => None,
            Self::MariaDb { server, .. } => Some(server.id()),
        }
    }

    /// Ends it.
    pub fn stop(&mut self) {
        if let Self::MariaDb { server, .. } = self {
            server.stop();
        }
    }
}

fn user() -> Option<&'static str> {
    is_root().then_some("--user=root")
}

/// The folder, made anew.
pub fn empty(folder: PathBuf) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
