//! Table `devices`, as a broker outside must know it: whose credentials it has confirmed, and whose not yet.

use domain::serial::Serial;

use super::devices::parse_serial;
use super::{Db, DeviceId};
use crate::error::Result;

/// Characters of the password's hash that tell its generations apart.
const MARK_CHARS: usize = 16;

/// The account of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    /// Its row.
    pub device: DeviceId,
    /// User name and client id.
    pub serial: Serial,
    /// Names this generation of the password without telling anything of it.
    pub mark: String,
    /// The password, encrypted; `None`: nobody knows it any more.
    pub sealed: Option<String>,
    /// Whether the broker has not yet confirmed it.
    pub pending: bool,
}

type Row = (i64, String, String, Option<String>, i64);

fn provision((id, serial, hash, sealed, pending): Row) -> Result<Provision> {
    Ok(Provision {
        device: DeviceId(id),
        serial: parse_serial(&serial)?,
        mark: hash.chars().take(MARK_CHARS).collect(),
        sealed,
        pending: pending != 0,
    })
}

/// Accounts after row `after`, at most `limit`, by row number: all of them, page by page.
pub async fn list_provisions(db: &Db, after: DeviceId, limit: u32) -> Result<Vec<Provision>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, serial, password_hash, password_sealed, pending FROM devices WHERE id > ? ORDER BY id LIMIT ?",
    )
    .bind(after.0)
    .bind(i64::from(limit))
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(provision).collect()
}

/// Accounts the broker has not confirmed, the oldest first.
pub async fn list_pending(db: &Db, limit: u32) -> Result<Vec<Provision>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, serial, password_hash, password_sealed, pending FROM devices \
         WHERE pending = 1 AND password_sealed IS NOT NULL ORDER BY id LIMIT ?",
    )
    .bind(i64::from(limit))
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(provision).collect()
}

/// How many accounts wait for the broker.
pub async fn count_pending(db: &Db) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM devices WHERE pending = 1")
        .fetch_one(db.pool())
        .await?)
}

/// Whether any of these still waits for the broker.
pub async fn is_pending(db: &Db, serial: Serial) -> Result<bool> {
    let pending: Option<i64> = sqlx::query_scalar("SELECT pending FROM devices WHERE serial = ?")
        .bind(serial.as_str().to_owned())
        .fetch_optional(db.pool())
        .await?;
    Ok(pending == Some(1))
}

/// The broker has confirmed this account; no word of a later generation of its password.
pub async fn update_confirmed(db: &Db, provision: &Provision) -> Result<()> {
    sqlx::query("UPDATE devices SET pending = 0 WHERE id = ? AND SUBSTR(password_hash, 1, 16) = ?")
        .bind(provision.device.0)
        .bind(provision.mark.clone())
        .execute(db.pool())
        .await?;
    Ok(())
}
