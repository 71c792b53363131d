//! The way of a letter: written, claimed, given back, settled.
//!
//! Every step names the claim it acts under and reports whether the claim still held, so that of two senders at most
//! one can settle a letter.

use domain::time::Timestamp;
use sqlx::AssertSqlSafe;

use super::{Channel, Claim, Letter, NewLetter, State};
use crate::db::{Db, Dialect, Tx};
use crate::error::Result;

/// Stores a letter unless its key is known. Returns the `message_id` that is stored under the key.
pub async fn insert_letter(tx: &mut Tx<'_>, dialect: Dialect, letter: &NewLetter, now: Timestamp) -> Result<String> {
    let known_stays = dialect.or_update("dedupe_key", &["dedupe_key"]);
    let sql = format!(
        "INSERT INTO outbox (channel, kind, recipient, payload, message_id, dedupe_key, state, attempts, next_at, \
         expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?, 'queued', 0, ?, ?, ?){known_stays} RETURNING message_id"
    );
    let stored = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(letter.channel.name())
        .bind(letter.kind)
        .bind(letter.recipient.clone())
        .bind(letter.payload.clone())
        .bind(letter.message_id.clone())
        .bind(letter.dedupe_key.clone())
        .bind(letter.due_at.unwrap_or(now).as_millis())
        .bind(letter.expires_at.map(Timestamp::as_millis))
        .bind(now.as_millis())
        .fetch_one(&mut **tx)
        .await?;
    Ok(stored)
}

/// Row numbers of letters that are due, the longest overdue first.
pub async fn list_due(db: &Db, channel: Channel, now: Timestamp, limit: usize) -> Result<Vec<i64>> {
    let ids = sqlx::query_scalar(
        "SELECT id FROM outbox WHERE state = 'queued' AND next_at <= ? AND channel = ? ORDER BY next_at, id LIMIT ?",
    )
    .bind(now.as_millis())
    .bind(channel.name())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db.pool())
    .await?;
    Ok(ids)
}

/// Claims those of the letters that are still due, and returns them. Whoever asks second gets none of them.
pub async fn update_claimed(db: &Db, mut ids: Vec<i64>, claim: &Claim, now: Timestamp) -> Result<Vec<Letter>> {
    // In one order for everybody, so that two claimers never wait for each other.
    ids.sort_unstable();
    let mut letters = Vec::with_capacity(ids.len());
    let mut tx = db.begin_write().await?;
    for id in ids {
        let claimed = sqlx::query(
            "UPDATE outbox SET claimed_by = ?, next_at = ?, attempts = attempts + 1 \
             WHERE id = ? AND state = 'queued' AND next_at <= ?",
        )
        .bind(claim.name.clone())
        .bind(claim.until.as_millis())
        .bind(id)
        .bind(now.as_millis())
        .execute(&mut *tx)
        .await?;
        if claimed.rows_affected() == 1 {
            letters.push(find_letter(&mut tx, id).await?);
        }
    }
    tx.commit().await?;
    Ok(letters)
}

async fn find_letter(tx: &mut Tx<'_>, id: i64) -> Result<Letter> {
    let letter = sqlx::query_as(
        "SELECT id, kind, recipient, payload, message_id, attempts, expires_at, created_at FROM outbox WHERE id = ?",
    )
    .bind(id)
    .fetch_one(&mut **tx)
    .await?;
    Ok(letter)
}

/// Holds a claim for longer. `false`: it had lapsed and somebody else has the letter, or it was withdrawn.
pub async fn update_claim(db: &Db, id: i64, claim: &Claim) -> Result<bool> {
    let done = sqlx::query("UPDATE outbox SET next_at = ? WHERE id = ? AND claimed_by = ? AND state = 'queued'")
        .bind(claim.until.as_millis())
        .bind(id)
        .bind(claim.name.clone())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a claimed letter back, due at `next_at`. `false` as in [`update_claim`].
pub async fn update_requeued(db: &Db, id: i64, claim: &str, next_at: Timestamp, error: &str) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE outbox SET claimed_by = NULL, next_at = ?, last_error = ? \
         WHERE id = ? AND claimed_by = ? AND state = 'queued'",
    )
    .bind(next_at.as_millis())
    .bind(cut(error))
    .bind(id)
    .bind(claim.to_owned())
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Settles a claimed letter and erases what it said, which may have been a secret. `false` as in [`update_claim`].
pub async fn update_settled(
    db: &Db,
    id: i64,
    claim: &str,
    state: State,
    error: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE outbox SET state = ?, payload = '', claimed_by = NULL, last_error = ?, next_at = ?, settled_at = ? \
         WHERE id = ? AND claimed_by = ? AND state = 'queued'",
    )
    .bind(state.name())
    .bind(error.map(cut))
    .bind(now.as_millis())
    .bind(now.as_millis())
    .bind(id)
    .bind(claim.to_owned())
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// When the next letter is due, or the next claim lapses.
pub async fn find_next_due(db: &Db, channel: Channel) -> Result<Option<Timestamp>> {
    let next: Option<i64> = sqlx::query_scalar(
        "SELECT next_at FROM outbox WHERE state = 'queued' AND channel = ? ORDER BY next_at LIMIT 1",
    )
    .bind(channel.name())
    .fetch_optional(db.pool())
    .await?;
    Ok(next.map(Timestamp::from_millis))
}

/// As much as the column takes.
fn cut(error: &str) -> String {
    error.chars().take(240).collect()
}
