//! Table `sessions`: who is signed in where. A row is a whole family of refresh tokens.
//!
//! Tokens are stored as SHA-256 in lower-case hex only. A token that is neither current nor previous, or a previous one
//! used late, is somebody else's copy: the caller then deletes the row, and with it the family.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::{Db, Tx, UserId};
use crate::error::Result;

/// Well below the parameters that either database takes in one statement.
const ASKED_AT_ONCE: usize = 500;

/// A signed-in browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// Row number.
    pub id: i64,
    /// Whose session it is.
    pub user: UserId,
    /// Hash of the refresh token that is valid now.
    pub refresh_hash: String,
    /// Hash of the one before it.
    pub previous_hash: Option<String>,
    /// When the current one replaced the previous one.
    pub rotated_at: Timestamp,
    /// When the family ends.
    pub expires_at: Timestamp,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When it was last renewed.
    pub last_used_at: Timestamp,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// The address the person signed in from; may be empty.
    pub ip: String,
}

/// A session to be stored.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// A random number of the caller's, because the first refresh token names it and its hash is stored here.
    pub id: i64,
    /// Whose session it is.
    pub user: UserId,
    /// Hash of the first refresh token.
    pub refresh_hash: &'a str,
    /// The browser, as it names itself; cut to 255 characters.
    pub user_agent: &'a str,
    /// The address the person signs in from.
    pub ip: &'a str,
    /// When the family ends.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    user_id: i64,
    refresh_hash: String,
    previous_hash: Option<String>,
    rotated_at: i64,
    expires_at: i64,
    created_at: i64,
    last_used_at: i64,
    user_agent: String,
    ip: String,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: UserId(row.user_id),
            refresh_hash: row.refresh_hash,
            previous_hash: row.previous_hash,
            rotated_at: Timestamp::from_millis(row.rotated_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
            user_agent: row.user_agent,
            ip: row.ip,
        }
    }
}

/// Starts a session.
pub async fn insert_session(tx: &mut Tx<'_>, session: &NewSession<'_>, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (id, user_id, refresh_hash, rotated_at, expires_at, created_at, last_used_at, user_agent, \
         ip) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(session.id)
    .bind(session.user.0)
    .bind(session.refresh_hash.to_owned())
    .bind(now.as_millis())
    .bind(session.expires_at.as_millis())
    .bind(now.as_millis())
    .bind(now.as_millis())
    .bind(session.user_agent.chars().take(255).collect::<String>())
    .bind(session.ip.to_owned())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The session with this row number.
pub async fn find_session(db: &Db, id: i64) -> Result<Option<Session>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, user_id, refresh_hash, previous_hash, rotated_at, expires_at, created_at, last_used_at, user_agent, ip \
         FROM sessions WHERE id = ?",
    )
    .bind(id)
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(Session::from))
}

/// The session in which this token is the current or the previous one.
pub async fn find_session_by_hash(db: &Db, hash: &str) -> Result<Option<Session>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, user_id, refresh_hash, previous_hash, rotated_at, expires_at, created_at, last_used_at, user_agent, ip \
         FROM sessions WHERE refresh_hash = ? OR previous_hash = ?",
    )
    .bind(hash.to_owned())
    .bind(hash.to_owned())
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(Session::from))
}

/// All sessions of a person, the last used first.
pub async fn list_sessions(db: &Db, user: UserId) -> Result<Vec<Session>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, user_id, refresh_hash, previous_hash, rotated_at, expires_at, created_at, last_used_at, user_agent, ip \
         FROM sessions WHERE user_id = ? ORDER BY last_used_at DESC",
    )
    .bind(user.0)
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Replaces the refresh token, if `from` is still the current one. `false`: somebody else was faster.
pub async fn update_refresh(
    db: &Db,
    id: i64,
    from: &str,
    to: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE sessions SET previous_hash = refresh_hash, refresh_hash = ?, rotated_at = ?, last_used_at = ?, \
         expires_at = ? WHERE id = ? AND refresh_hash = ?",
    )
    .bind(to.to_owned())
    .bind(now.as_millis())
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .bind(id)
    .bind(from.to_owned())
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a session and tells whose it was, if there was one.
pub async fn delete_session(tx: &mut Tx<'_>, id: i64) -> Result<Option<UserId>> {
    let owner: Option<i64> = sqlx::query_scalar("DELETE FROM sessions WHERE id = ? RETURNING user_id")
        .bind(id)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(owner.map(UserId))
}

/// Ends all sessions of a person except one, and tells which those were.
pub async fn delete_sessions_of(tx: &mut Tx<'_>, user: UserId, except: Option<i64>) -> Result<Vec<i64>> {
    let ended = sqlx::query_scalar("DELETE FROM sessions WHERE user_id = ? AND id <> ? RETURNING id")
        .bind(user.0)
        // Sessions have positive numbers.
        .bind(except.unwrap_or(-1))
        .fetch_all(&mut **tx)
        .await?;
    Ok(ended)
}

/// Forgets sessions that ended by themselves.
pub async fn delete_expired_sessions(db: &Db, now: Timestamp) -> Result<u64> {
    let done = sqlx::query("DELETE FROM sessions WHERE expires_at < ?")
        .bind(now.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}

/// Those of these sessions that still hold.
pub async fn list_live_sessions(db: &Db, ids: &[i64], now: Timestamp) -> Result<Vec<i64>> {
    let mut live = Vec::with_capacity(ids.len());
    for portion in ids.chunks(ASKED_AT_ONCE) {
        let marks = vec!["?"; portion.len()].join(", ");
        let sql = format!("SELECT id FROM sessions WHERE expires_at > ? AND id IN ({marks})");
        let mut query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql)).bind(now.as_millis());
        for id in portion {
            query = query.bind(*id);
        }
        live.extend(query.fetch_all(db.pool()).await?);
    }
    Ok(live)
}
