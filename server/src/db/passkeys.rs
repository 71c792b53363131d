//! Table `passkeys`: public keys whose private halves never leave somebody's device.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::{Db, Tx, UserId};
use crate::error::{Error, Result};

/// Longest name that is kept, in characters.
const MAX_NAME_CHARS: usize = 80;

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPasskey {
    /// Row number.
    pub id: i64,
    /// Whose account it opens.
    pub user: UserId,
    /// As its owner calls it.
    pub name: String,
    /// The public key and what else is needed to check it, JSON.
    pub data: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last opened the account.
    pub last_used_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    user_id: i64,
    name: String,
    data: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl From<Row> for StoredPasskey {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: UserId(row.user_id),
            name: row.name,
            data: row.data,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_millis),
        }
    }
}

/// A person's passkeys, the oldest first.
pub async fn list_passkeys_of(db: &Db, user: UserId) -> Result<Vec<StoredPasskey>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, user_id, name, data, created_at, last_used_at FROM passkeys WHERE user_id = ? ORDER BY id",
    )
    .bind(user.0)
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(StoredPasskey::from).collect())
}

/// The passkey whose credential's id has this SHA-256.
pub async fn find_passkey(db: &Db, credential_hash: &str) -> Result<Option<StoredPasskey>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, user_id, name, data, created_at, last_used_at FROM passkeys WHERE credential_hash = ?",
    )
    .bind(credential_hash.to_owned())
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(StoredPasskey::from))
}

/// Adds a passkey. [`Error::Conflict`] if somebody has it already.
pub async fn insert_passkey(
    tx: &mut Tx<'_>,
    user: UserId,
    credential_hash: &str,
    name: &str,
    data: &str,
    now: Timestamp,
) -> Result<()> {
    let inserted =
        sqlx::query("INSERT INTO passkeys (user_id, credential_hash, name, data, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(user.0)
            .bind(credential_hash.to_owned())
            .bind(name.chars().take(MAX_NAME_CHARS).collect::<String>())
            .bind(data.to_owned())
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

/// Remembers that it opened the account, unless somebody else has used it since `data` was read. `false`: so it was.
pub async fn update_passkey_used(db: &Db, id: i64, from: &str, to: &str, now: Timestamp) -> Result<bool> {
    let done = sqlx::query("UPDATE passkeys SET data = ?, last_used_at = ? WHERE id = ? AND data = ?")
        .bind(to.to_owned())
        .bind(now.as_millis())
        .bind(id)
        .bind(from.to_owned())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes one of a person's passkeys away. `false`: there was none.
pub async fn delete_passkey(tx: &mut Tx<'_>, user: UserId, id: i64) -> Result<bool> {
    let done = sqlx::query("DELETE FROM passkeys WHERE id = ? AND user_id = ?")
        .bind(id)
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
