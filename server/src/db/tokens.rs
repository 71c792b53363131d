//! Table `tokens`: personal tokens for scripts, stored as SHA-256 in lower-case hex only.

use domain::time::Timestamp;

use super::{Db, UserId};
use crate::error::Result;

/// Stores a token's hash and returns its row number. `name` is for its owner's list.
pub async fn insert_token(db: &Db, user: UserId, name: &str, hash: &str, now: Timestamp) -> Result<i64> {
    let id =
        sqlx::query_scalar("INSERT INTO tokens (user_id, name, hash, created_at) VALUES (?, ?, ?, ?) RETURNING id")
            .bind(user.0)
            .bind(name.chars().take(80).collect::<String>())
            .bind(hash.to_owned())
            .bind(now.as_millis())
            .fetch_one(db.pool())
            .await?;
    Ok(id)
}

/// Whose token this is, and its row number.
pub async fn find_token(db: &Db, hash: &str) -> Result<Option<(i64, UserId)>> {
    let row: Option<(i64, i64)> = sqlx::query_as("SELECT id, user_id FROM tokens WHERE hash = ?")
        .bind(hash.to_owned())
        .fetch_optional(db.pool())
        .await?;
    Ok(row.map(|(id, user)| (id, UserId(user))))
}

/// Remembers that a token was used.
pub async fn update_token_used(db: &Db, id: i64, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE tokens SET last_used_at = ? WHERE id = ?")
        .bind(now.as_millis())
        .bind(id)
        .execute(db.pool())
        .await?;
    Ok(())
}
