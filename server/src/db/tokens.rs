//! Table `tokens`: personal tokens for scripts, stored as SHA-256 in lower-case hex only.

use domain::time::Timestamp;

use super::{Db, Tx, UserId};
use crate::error::Result;

/// Well below the parameters that either database takes in one statement.
const ASKED_AT_ONCE: usize = 500;

/// A token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Row number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// What it may do, as stored.
    pub scope: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last shown, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// A token to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewToken<'a> {
    /// Whose.
    pub user: UserId,
    /// What it is for; for its owner's list.
    pub name: &'a str,
    /// What it may do.
    pub scope: &'a str,
    /// SHA-256, lower-case hex.
    pub hash: &'a str,
}

/// Stores a token's hash and returns its row number.
pub async fn insert_token(tx: &mut Tx<'_>, token: &NewToken<'_>, now: Timestamp) -> Result<i64> {
    let id = sqlx::query_scalar(
        "INSERT INTO tokens (user_id, name, scope, hash, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(token.user.0)
    .bind(token.name.chars().take(80).collect::<String>())
    .bind(token.scope.to_owned())
    .bind(token.hash.to_owned())
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await?;
    Ok(id)
}

/// Whose token this is, its row number, and its scope as stored.
pub async fn find_token(db: &Db, hash: &str) -> Result<Option<(i64, UserId, String)>> {
    let row: Option<(i64, i64, String)> = sqlx::query_as("SELECT id, user_id, scope FROM tokens WHERE hash = ?")
        .bind(hash.to_owned())
        .fetch_optional(db.pool())
        .await?;
    Ok(row.map(|(id, user, scope)| (id, UserId(user), scope)))
}

/// Somebody's tokens, the newest first.
pub async fn list_tokens(db: &Db, user: UserId) -> Result<Vec<Token>> {
    let rows: Vec<(i64, String, String, i64, Option<i64>)> = sqlx::query_as(
        "SELECT id, name, scope, created_at, last_used_at FROM tokens WHERE user_id = ? ORDER BY id DESC",
    )
    .bind(user.0)
    .fetch_all(db.pool())
    .await?;
    let token = |(id, name, scope, created_at, last_used_at): (i64, String, String, i64, Option<i64>)| Token {
        id,
        name,
        scope,
        created_at: Timestamp::from_millis(created_at),
        last_used_at: last_used_at.map(Timestamp::from_millis),
    };
    Ok(rows.into_iter().map(token).collect())
}

/// Takes a token back; its name, if it was there and somebody's own.
pub async fn delete_token(tx: &mut Tx<'_>, user: UserId, id: i64) -> Result<Option<String>> {
    let name = sqlx::query_scalar("SELECT name FROM tokens WHERE id = ? AND user_id = ?")
        .bind(id)
        .bind(user.0)
        .fetch_optional(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM tokens WHERE id = ? AND user_id = ?")
        .bind(id)
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(name)
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
