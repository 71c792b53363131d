//! Letters that nobody has tried to send yet: they may still be added to, or taken back.

use super::Channel;
use crate::db::Tx;
use crate::error::Result;

/// What makes a letter untouched. A letter that was tried may have arrived, so it stays as it is.
const UNSENT: &str = "state = 'queued' AND attempts = 0 AND claimed_by IS NULL";

/// The key of an untouched letter to this recipient whose key begins with `prefix`.
pub async fn find_unsent(tx: &mut Tx<'_>, channel: Channel, recipient: &str, prefix: &str) -> Result<Option<String>> {
    let sql = format!(
        "SELECT dedupe_key FROM outbox WHERE recipient = ? AND channel = ? AND dedupe_key LIKE ? AND {UNSENT} \
         ORDER BY id LIMIT 1"
    );
    let key = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(recipient.to_owned())
        .bind(channel.name())
        .bind(format!("{prefix}%"))
        .fetch_optional(&mut **tx)
        .await?;
    Ok(key)
}

/// Replaces what an untouched letter says. `false`: it has left by now.
pub async fn update_unsent(tx: &mut Tx<'_>, dedupe_key: &str, payload: &str) -> Result<bool> {
    let sql = format!("UPDATE outbox SET payload = ? WHERE dedupe_key = ? AND {UNSENT}");
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(payload.to_owned())
        .bind(dedupe_key.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes an untouched letter back. `false`: it has left by now.
pub async fn delete_unsent(tx: &mut Tx<'_>, dedupe_key: &str) -> Result<bool> {
    let sql = format!("DELETE FROM outbox WHERE dedupe_key = ? AND {UNSENT}");
    let done = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(dedupe_key.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
