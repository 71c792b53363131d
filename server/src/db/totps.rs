//! Table `totps`: the sealed secrets of authenticator apps, one per person.

use domain::time::Timestamp;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Db, Tx, UserId};
use crate::error::Result;

/// A person's authenticator app.
#[derive(Clone)]
pub struct StoredTotp {
    /// Sealed.
    pub secret: String,
    /// Step of the last code accepted.
    pub last_step: i64,
    /// Since when it is asked for; `None`: not yet.
    pub confirmed_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    secret: String,
    last_step: i64,
    confirmed_at: Option<i64>,
}

/// Somebody's app, in force or about to be.
pub async fn find_totp(db: &Db, user: UserId) -> Result<Option<StoredTotp>> {
    let row: Option<Row> = sqlx::query_as("SELECT secret, last_step, confirmed_at FROM totps WHERE user_id = ?")
        .bind(user.0)
        .fetch_optional(db.pool())
        .await?;
    Ok(row.map(|row| StoredTotp {
        secret: row.secret,
        last_step: row.last_step,
        confirmed_at: row.confirmed_at.map(Timestamp::from_millis),
    }))
}

/// Remembers the secret of an app that is about to be enrolled; one in force is left alone.
pub async fn insert_totp(db: &Db, user: UserId, secret: &str, now: Timestamp) -> Result<()> {
    let mut tx = db.begin_write().await?;
    sqlx::query("DELETE FROM totps WHERE user_id = ? AND confirmed_at IS NULL")
        .bind(user.0)
        .execute(&mut *tx)
        .await?;
    let ignore = db.dialect().or_update("user_id", &["user_id"]);
    let sql = format!("INSERT INTO totps (user_id, secret, last_step, created_at) VALUES (?, ?, 0, ?){ignore}");
    sqlx::query(AssertSqlSafe(sql))
        .bind(user.0)
        .bind(secret.to_owned())
        .bind(now.as_millis())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Accepts the code of a step, once. `false`: it, or a later one, was accepted before.
pub async fn update_totp_step(db: &Db, user: UserId, step: i64) -> Result<bool> {
    let done = sqlx::query("UPDATE totps SET last_step = ? WHERE user_id = ? AND last_step < ?")
        .bind(step)
        .bind(user.0)
        .bind(step)
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// From now on it is asked for. `false`: it was already.
pub async fn update_totp_confirmed(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<bool> {
    let done = sqlx::query("UPDATE totps SET confirmed_at = ? WHERE user_id = ? AND confirmed_at IS NULL")
        .bind(now.as_millis())
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// It is asked for no more. `false`: it was not.
pub async fn delete_totp(tx: &mut Tx<'_>, user: UserId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM totps WHERE user_id = ?")
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
