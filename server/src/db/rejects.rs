//! Table `rejects`: the last messages of a device that could not be understood, for its owner to see.

use std::sync::LazyLock;

use domain::time::Timestamp;

use super::bulk::{Bulk, marks};
use super::{Db, DeviceId, Tx};
use crate::error::Result;

/// How many are kept per device.
pub const KEPT: usize = 20;

/// A message, or one item of it, that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Whose.
    pub device: DeviceId,
    /// When it arrived.
    pub at: Timestamp,
    /// What is wrong with it, in English.
    pub reason: String,
    /// How the message begins.
    pub excerpt: String,
}

static INSERT: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO rejects (device_id, at, reason, excerpt) VALUES ",
        &marks(4),
        "",
    )
});

/// Stores rejects, oldest first.
pub async fn insert_rejects(tx: &mut Tx<'_>, rejects: &[Reject]) -> Result<()> {
    for (statement, rows) in INSERT.cut(rejects) {
        let mut query = sqlx::query(statement);
        for row in rows {
            query = query
                .bind(row.device.0)
                .bind(row.at.as_millis())
                .bind(row.reason.clone())
                .bind(row.excerpt.clone());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Forgets all but the last [`KEPT`] of a device.
pub async fn delete_old_rejects(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    let newest_to_go: Option<i64> =
        sqlx::query_scalar("SELECT id FROM rejects WHERE device_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?")
            .bind(device.0)
            .bind(i64::try_from(KEPT).unwrap_or(i64::MAX))
            .fetch_optional(&mut **tx)
            .await?;
    if let Some(id) = newest_to_go {
        sqlx::query("DELETE FROM rejects WHERE device_id = ? AND id <= ?")
            .bind(device.0)
            .bind(id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// The kept rejects of a device, the newest first.
pub async fn list_rejects(db: &Db, device: DeviceId) -> Result<Vec<Reject>> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT at, reason, excerpt FROM rejects WHERE device_id = ? ORDER BY id DESC")
            .bind(device.0)
            .fetch_all(db.pool())
            .await?;
    let reject = |(at, reason, excerpt)| Reject {
        device,
        at: Timestamp::from_millis(at),
        reason,
        excerpt,
    };
    Ok(rows.into_iter().map(reject).collect())
}
