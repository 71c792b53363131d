//! Table `sign_in_steps`: what a browser has begun on the way in and not finished yet.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::{Db, UserId};
use crate::error::Result;

/// Something begun.
#[derive(Clone, Debug)]
pub struct StoredStep {
    /// SHA-256 of the browser's cookie.
    pub id: String,
    /// What was begun.
    pub kind: String,
    /// Who it concerns, if that is known already.
    pub user: Option<UserId>,
    /// JSON; its shape depends on the kind.
    pub data: String,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    user_id: Option<i64>,
    data: String,
    expires_at: i64,
}

/// Begins something.
pub async fn insert_step(db: &Db, step: &StoredStep) -> Result<()> {
    sqlx::query("INSERT INTO sign_in_steps (id, kind, user_id, data, tries, expires_at) VALUES (?, ?, ?, ?, 0, ?)")
        .bind(step.id.clone())
        .bind(step.kind.clone())
        .bind(step.user.map(|user| user.0))
        .bind(step.data.clone())
        .bind(step.expires_at.as_millis())
        .execute(db.pool())
        .await?;
    Ok(())
}

/// What was begun under this cookie, unless its time is over.
pub async fn find_step(db: &Db, id: &str, now: Timestamp) -> Result<Option<StoredStep>> {
    let row: Option<Row> =
        sqlx::query_as("SELECT id, kind, user_id, data, expires_at FROM sign_in_steps WHERE id = ? AND expires_at > ?")
            .bind(id.to_owned())
            .bind(now.as_millis())
            .fetch_optional(db.pool())
            .await?;
    Ok(row.map(|row| StoredStep {
        id: row.id,
        kind: row.kind,
        user: row.user_id.map(UserId),
        data: row.data,
        expires_at: Timestamp::from_millis(row.expires_at),
    }))
}

/// Replaces what is known of it.
pub async fn update_step_data(db: &Db, id: &str, data: &str) -> Result<()> {
    sqlx::query("UPDATE sign_in_steps SET data = ? WHERE id = ?")
        .bind(data.to_owned())
        .bind(id.to_owned())
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Counts a try. `false`: there were `limit` already, or it is over.
pub async fn update_step_tries(db: &Db, id: &str, limit: u32) -> Result<bool> {
    let done = sqlx::query("UPDATE sign_in_steps SET tries = tries + 1 WHERE id = ? AND tries < ?")
        .bind(id.to_owned())
        .bind(i64::from(limit))
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends it. `false`: somebody else did, so only one of two requests goes on.
pub async fn delete_step(db: &Db, id: &str) -> Result<bool> {
    let done = sqlx::query("DELETE FROM sign_in_steps WHERE id = ?")
        .bind(id.to_owned())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets what nobody finished in time.
pub async fn delete_expired_steps(db: &Db, now: Timestamp) -> Result<u64> {
    let done = sqlx::query("DELETE FROM sign_in_steps WHERE expires_at <= ?")
        .bind(now.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}
