//! Table `identities`: accounts of other services that open an account here.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::{Db, Tx, UserId};
use crate::error::{Error, Result};

/// Longest name that is kept, in characters.
const MAX_NAME_CHARS: usize = 80;

/// An account elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredIdentity {
    /// Row number.
    pub id: i64,
    /// Whose account here it opens.
    pub user: UserId,
    /// What they call themselves there.
    pub name: String,
    /// When it was connected.
    pub created_at: Timestamp,
    /// When it last opened the account.
    pub last_used_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    user_id: i64,
    name: String,
    created_at: i64,
    last_used_at: i64,
}

impl From<Row> for StoredIdentity {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: UserId(row.user_id),
            name: row.name,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
        }
    }
}

/// The account of this number at a service.
pub async fn find_identity(db: &Db, provider: &str, subject: &str) -> Result<Option<StoredIdentity>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, user_id, name, created_at, last_used_at FROM identities WHERE provider = ? AND subject = ?",
    )
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(StoredIdentity::from))
}

/// A person's accounts at a service, the oldest first.
pub async fn list_identities_of(db: &Db, user: UserId, provider: &str) -> Result<Vec<StoredIdentity>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, user_id, name, created_at, last_used_at FROM identities WHERE user_id = ? AND provider = ? \
         ORDER BY id",
    )
    .bind(user.0)
    .bind(provider.to_owned())
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(StoredIdentity::from).collect())
}

/// Connects an account elsewhere. [`Error::Conflict`] if it opens somebody's account already.
pub async fn insert_identity(
    tx: &mut Tx<'_>,
    user: UserId,
    provider: &str,
    subject: &str,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let inserted = sqlx::query(
        "INSERT INTO identities (user_id, provider, subject, name, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(user.0)
    .bind(provider.to_owned())
    .bind(subject.to_owned())
    .bind(name.chars().take(MAX_NAME_CHARS).collect::<String>())
    .bind(now.as_millis())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await;
    match inserted {
        Ok(_) => Ok(()),
        Err(error) => match error.as_database_error() {
            Some(fault) if fault.is_unique_violation() => Err(Error::Conflict),
            _ => Err(error.into()),
        },
    }
}

/// Remembers that it opened the account.
pub async fn update_identity_used(db: &Db, id: i64, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE identities SET last_used_at = ? WHERE id = ?")
        .bind(now.as_millis())
        .bind(id)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Disconnects one of a person's accounts elsewhere. `false`: there was none.
pub async fn delete_identity(tx: &mut Tx<'_>, user: UserId, id: i64) -> Result<bool> {
    let done = sqlx::query("DELETE FROM identities WHERE id = ? AND user_id = ?")
        .bind(id)
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
