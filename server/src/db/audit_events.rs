//! Table `audit_events`: who did what to an account, when and from where. Never a secret.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::{Db, Tx, UserId};
use crate::error::Result;

/// Something that happened to an account.
#[derive(Clone, Debug)]
pub struct AuditEvent {
    /// Whose account; `None` if an account that does not exist was tried.
    pub user: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What, as in `password-changed`.
    pub action: String,
    /// The address it came from; empty for the command line.
    pub ip: String,
    /// The session in which it was done.
    pub session: Option<i64>,
    /// The browser in words; may be empty.
    pub device: String,
    /// What else is worth knowing.
    pub detail: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    user_id: Option<i64>,
    at: i64,
    action: String,
    ip: String,
    session_id: Option<i64>,
    device: String,
    detail: Option<String>,
}

impl From<Row> for AuditEvent {
    fn from(row: Row) -> Self {
        Self {
            user: row.user_id.map(UserId),
            at: Timestamp::from_millis(row.at),
            action: row.action,
            ip: row.ip,
            session: row.session_id,
            device: row.device,
            detail: row.detail,
        }
    }
}

/// Writes an event down. `device` and `detail` are cut to what the columns take.
pub async fn insert_audit_event(tx: &mut Tx<'_>, event: &AuditEvent) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit_events (user_id, at, action, ip, session_id, device, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(event.user.map(|user| user.0))
    .bind(event.at.as_millis())
    .bind(event.action.clone())
    .bind(event.ip.clone())
    .bind(event.session)
    .bind(event.device.chars().take(80).collect::<String>())
    .bind(
        event
            .detail
            .as_ref()
            .map(|detail| detail.chars().take(190).collect::<String>()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What happened to a person's account, the latest first: up to `limit` of what only they can cause, and up to
/// `limit_others` of what anybody can (`others`), so that nobody buries the one under the other.
pub async fn list_audit_events(
    db: &Db,
    user: UserId,
    limit: u32,
    others: [&'static str; 2],
    limit_others: u32,
) -> Result<Vec<AuditEvent>> {
    let mut rows = Vec::new();
    for (which, limit) in [("NOT IN", limit), ("IN", limit_others)] {
        let sql = format!(
            "SELECT id, user_id, at, action, ip, session_id, device, detail FROM audit_events \
             WHERE user_id = ? AND action {which} (?, ?) ORDER BY id DESC LIMIT ?"
        );
        let mut found: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(user.0)
            .bind(others[0])
            .bind(others[1])
            .bind(i64::from(limit))
            .fetch_all(db.pool())
            .await?;
        rows.append(&mut found);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows.into_iter().map(AuditEvent::from).collect())
}

/// What happened to a person's account after the event with this number, the earliest first, with their numbers.
pub async fn list_audit_events_after(db: &Db, user: UserId, after: i64, limit: u32) -> Result<Vec<(i64, AuditEvent)>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, user_id, at, action, ip, session_id, device, detail FROM audit_events \
         WHERE user_id = ? AND id > ? ORDER BY id LIMIT ?",
    )
    .bind(user.0)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, AuditEvent::from(row))).collect())
}

/// Forgets what happened before `cutoff`.
pub async fn delete_audit_events_before(db: &Db, cutoff: Timestamp) -> Result<u64> {
    let done = sqlx::query("DELETE FROM audit_events WHERE at < ?")
        .bind(cutoff.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}
