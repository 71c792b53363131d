//! How much waits to be sent, for operators.

use domain::time::Timestamp;

use crate::db::Db;
use crate::error::Result;

/// What waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Letters that are due, or were tried in vain.
    pub waiting: i64,
    /// When the oldest of them was written.
    pub oldest: Option<Timestamp>,
    /// Letters that were given up and are still kept.
    pub dead: i64,
}

/// Letters that should have left by now. What is meant for later is not among them.
pub async fn find_backlog(db: &Db, now: Timestamp) -> Result<Backlog> {
    let (waiting, oldest): (i64, Option<i64>) = sqlx::query_as(
        "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE state = 'queued' AND (next_at <= ? OR attempts > 0)",
    )
    .bind(now.as_millis())
    .fetch_one(db.pool())
    .await?;
    let dead = sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = 'dead'")
        .fetch_one(db.pool())
        .await?;
    Ok(Backlog {
        waiting,
        oldest: oldest.map(Timestamp::from_millis),
        dead,
    })
}
