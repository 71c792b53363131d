//! What can be told about letters later, and how they are forgotten.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::State;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};

/// What can be told about a letter later: everything but its content.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Row number.
    pub id: i64,
    /// What it is.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// As in the `Message-ID` header, before the `@`.
    pub message_id: String,
    /// What has become of it.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is due next, or when its present sender's claim lapses.
    pub next_at: Timestamp,
    /// When it was accepted or given up.
    pub settled_at: Option<Timestamp>,
}

impl Entry {
    /// Whether it was tried and has not got through.
    pub fn is_failing(&self) -> bool {
        self.state == State::Dead || (self.state == State::Queued && self.last_error.is_some())
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    recipient: String,
    message_id: String,
    state: String,
    attempts: i64,
    last_error: Option<String>,
    created_at: i64,
    next_at: i64,
    settled_at: Option<i64>,
}

impl TryFrom<Row> for Entry {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            kind: row.kind,
            recipient: row.recipient,
            message_id: row.message_id,
            state: State::of(&row.state)?,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: Timestamp::from_millis(row.created_at),
            next_at: Timestamp::from_millis(row.next_at),
            settled_at: row.settled_at.map(Timestamp::from_millis),
        })
    }
}

/// What has become of the letter with this key.
pub async fn find_entry(db: &Db, dedupe_key: &str) -> Result<Option<Entry>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, kind, recipient, message_id, state, attempts, last_error, created_at, next_at, settled_at \
         FROM outbox WHERE dedupe_key = ?",
    )
    .bind(dedupe_key.to_owned())
    .fetch_optional(db.pool())
    .await?;
    row.map(Entry::try_from).transpose()
}

/// What became of the letter to this address that was tried last.
pub async fn find_last_to(db: &Db, recipient: &str) -> Result<Option<Entry>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, kind, recipient, message_id, state, attempts, last_error, created_at, next_at, settled_at \
         FROM outbox WHERE recipient = ? AND attempts > 0 ORDER BY id DESC LIMIT 1",
    )
    .bind(recipient.to_owned())
    .fetch_optional(db.pool())
    .await?;
    row.map(Entry::try_from).transpose()
}

/// Letters in one state, the last changed first.
pub async fn list_entries(db: &Db, state: State, limit: usize) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, recipient, message_id, state, attempts, last_error, created_at, next_at, settled_at \
         FROM outbox WHERE state = ? ORDER BY next_at DESC, id DESC LIMIT ?",
    )
    .bind(state.name())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Letters to an address that are not forgotten yet, the oldest first.
pub async fn list_entries_to(db: &Db, recipient: &str) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, kind, recipient, message_id, state, attempts, last_error, created_at, next_at, settled_at \
         FROM outbox WHERE recipient = ? ORDER BY id",
    )
    .bind(recipient.to_owned())
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Forgets letters that were settled before `cutoff`.
pub async fn delete_settled(db: &Db, state: State, cutoff: Timestamp) -> Result<u64> {
    // A settled letter's `next_at` is its `settled_at`, and indexed.
    let done = sqlx::query("DELETE FROM outbox WHERE state = ? AND next_at < ? AND settled_at IS NOT NULL")
        .bind(state.name())
        .bind(cutoff.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}

/// Forgets every letter to an address, sent or not: its owner has left.
pub async fn delete_letters_to(tx: &mut Tx<'_>, recipient: &str) -> Result<u64> {
    let done = sqlx::query("DELETE FROM outbox WHERE recipient = ?")
        .bind(recipient.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}
