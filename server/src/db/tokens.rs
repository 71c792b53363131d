//! Table `tokens`: personal tokens for scripts, stored as SHA-256 in lower-case hex only.

use domain::time::Timestamp;

use super::{Db, UserId};
use crate::error::Result;

/// Well below the parameters that either database takes in one statement.
const ASKED_AT_ONCE: usize = 500;

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

/// Those of these tokens that still exist.
pub async fn list_known_tokens(db: &Db, ids: &[i64]) -> Result<Vec<i64>> {
    let mut known = Vec::with_capacity(ids.len());
    for portion in ids.chunks(ASKED_AT_ONCE) {
        let marks = vec!["?"; portion.len()].join(", ");
        let sql = format!("SELECT id FROM tokens WHERE id IN ({marks})");
        let mut query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql));
        for id in portion {
            query = query.bind(*id);
        }
        known.extend(query.fetch_all(db.pool()).await?);
    }
    Ok(known)
}
