//! A copy of the whole store.

use std::io;
use std::path::Path;

use super::{Db, Dialect};
use crate::error::{Error, Result};

/// Copies an SQLite database as it is at one moment into a new file; whoever writes meanwhile is not held up.
///
/// # Errors
/// A file that exists already or cannot be written; a MariaDB, which has tools of its own for that.
pub async fn backup(db: &Db, into: &Path) -> Result<()> {
    if db.dialect() == Dialect::MariaDb {
        return Err(Error::Config(
            "TEMPLOG_DATABASE_URL: a MariaDB is copied by mariadb-dump (example: deploy/backup/backup.sh)".to_owned(),
        ));
    }
    let refused = |source| Error::Io {
        context: into.display().to_string(),
        source,
    };
    if into.exists() {
        return Err(refused(io::ErrorKind::AlreadyExists.into()));
    }
    let Some(file) = into.to_str() else {
        return Err(refused(io::Error::other("the name is not UTF-8")));
    };
    sqlx::query("VACUUM INTO ?")
        .bind(file.to_owned())
        .execute(db.pool())
        .await?;
    Ok(())
}
