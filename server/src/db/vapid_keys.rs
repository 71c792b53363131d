//! Table `vapid_keys`: the key by which push services know us. One row, whoever of several instances made it.

use domain::time::Timestamp;

use super::Db;
use crate::error::Result;

/// Stores a sealed key unless there is one, and returns the one that is stored.
pub async fn insert_vapid_key(db: &Db, sealed: &str, now: Timestamp) -> Result<String> {
    let known_stays = db.dialect().or_update("id", &["id"]);
    let sql = format!("INSERT INTO vapid_keys (id, sealed, created_at) VALUES (1, ?, ?){known_stays} RETURNING sealed");
    let stored = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(sealed.to_owned())
        .bind(now.as_millis())
        .fetch_one(db.pool())
        .await?;
    Ok(stored)
}

/// The sealed key, if one was ever made.
pub async fn find_vapid_key(db: &Db) -> Result<Option<String>> {
    let sealed = sqlx::query_scalar("SELECT sealed FROM vapid_keys WHERE id = 1")
        .fetch_optional(db.pool())
        .await?;
    Ok(sealed)
}

/// Puts another key in the place of one that nobody can open. `false`: somebody else was faster.
pub async fn update_vapid_key(db: &Db, from: &str, to: &str, now: Timestamp) -> Result<bool> {
    let done = sqlx::query("UPDATE vapid_keys SET sealed = ?, created_at = ? WHERE id = 1 AND sealed = ?")
        .bind(to.to_owned())
        .bind(now.as_millis())
        .bind(from.to_owned())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}
