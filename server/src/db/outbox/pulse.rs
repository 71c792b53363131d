//! Whether letters leave: what a watcher outside wants to know.

use domain::time::Timestamp;

use super::State;
use crate::db::Db;
use crate::error::Result;

/// A letter that nobody takes up for so long after its time has no worker.
const OVERDUE_MS: i64 = 2 * 60_000;
/// So long a way may be out of order without anybody outside hearing of it.
const STUCK_MS: i64 = 10 * 60_000;

/// Whether the outbox does its work at `now`: nothing lies there untouched after its time, and where letters have been
/// tried in vain for a while, others got through meanwhile.
pub async fn is_flowing(db: &Db, now: Timestamp) -> Result<bool> {
    let overdue = "SELECT COUNT(*) FROM outbox WHERE state = ? AND next_at < ?";
    if count(db, overdue, State::Queued, now.plus_millis(-OVERDUE_MS)).await? > 0 {
        return Ok(false);
    }
    let since = now.plus_millis(-STUCK_MS);
    let tried = "SELECT COUNT(*) FROM outbox WHERE state = ? AND attempts > 1 AND created_at < ?";
    if count(db, tried, State::Queued, since).await? == 0 {
        return Ok(true);
    }
    let taken = "SELECT COUNT(*) FROM outbox WHERE state = ? AND next_at >= ?";
    Ok(count(db, taken, State::Accepted, since).await? > 0)
}

async fn count(db: &Db, sql: &'static str, state: State, at: Timestamp) -> Result<i64> {
    let count = sqlx::query_scalar(sql)
        .bind(state.name())
        .bind(at.as_millis())
        .fetch_one(db.pool())
        .await?;
    Ok(count)
}
