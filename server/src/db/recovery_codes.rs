//! Table `recovery_codes`: for who has lost the authenticator app. Hashes only; each opens once.

use domain::time::Timestamp;

use super::{Db, Tx, UserId};
use crate::error::Result;

/// Replaces all codes of a person.
pub async fn replace_recovery_codes(tx: &mut Tx<'_>, user: UserId, hashes: &[String]) -> Result<()> {
    delete_recovery_codes(tx, user).await?;
    for hash in hashes {
        sqlx::query("INSERT INTO recovery_codes (user_id, hash) VALUES (?, ?)")
            .bind(user.0)
            .bind(hash.clone())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Uses a code up. `false`: there is no such code, or it was used.
pub async fn update_recovery_code_used(tx: &mut Tx<'_>, user: UserId, hash: &str, now: Timestamp) -> Result<bool> {
    let done = sqlx::query("UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND hash = ? AND used_at IS NULL")
        .bind(now.as_millis())
        .bind(user.0)
        .bind(hash.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// How many are left.
pub async fn count_recovery_codes(db: &Db, user: UserId) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL")
        .bind(user.0)
        .fetch_one(db.pool())
        .await?;
    Ok(count)
}

/// Forgets them all.
pub async fn delete_recovery_codes(tx: &mut Tx<'_>, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = ?")
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
