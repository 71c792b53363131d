//! Table `settings`: facts about this installation.

use super::{Db, Tx};
use crate::error::Result;

/// The value stored under a name.
pub async fn find_setting(db: &Db, name: &str) -> Result<Option<String>> {
    let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
        .bind(name.to_owned())
        .fetch_optional(db.pool())
        .await?;
    Ok(value)
}

/// Stores a value under a new name. Fails if the name is taken.
pub async fn insert_setting(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<()> {
    sqlx::query("INSERT INTO settings (name, value) VALUES (?, ?)")
        .bind(name.to_owned())
        .bind(value.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
