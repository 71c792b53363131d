//! Table `push_subscriptions`: browsers that want to be told even while no page is open.
//!
//! A browser is known by its endpoint, so it tells the account that switched it on last, and no other.

use std::sync::LazyLock;

use domain::time::Timestamp;
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, Row as _};

use super::bulk::Bulk;
use super::{Db, PushSubscriptionId, Tx, UserId};
use crate::error::Result;

/// A row.
#[derive(Clone, Debug)]
pub struct PushSubscription {
    /// Row number.
    pub id: PushSubscriptionId,
    /// Who is told.
    pub user: UserId,
    /// The session in which it was switched on, which may have run out since.
    pub session: i64,
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key, an uncompressed point on P-256, base64url.
    pub p256dh: String,
    /// What it shares with us, 16 bytes, base64url.
    pub auth: String,
    /// The browser, as it names itself.
    pub user_agent: String,
    /// When it was switched on.
    pub created_at: Timestamp,
    /// When its push service last took a message.
    pub last_ok_at: Option<Timestamp>,
    /// Since when it takes none.
    pub failing_since: Option<Timestamp>,
    /// Why.
    pub last_error: Option<String>,
}

/// A browser to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewPushSubscription<'a> {
    /// Who is to be told.
    pub user: UserId,
    /// The session in which it is switched on.
    pub session: i64,
    /// As in [`PushSubscription`].
    pub endpoint: &'a str,
    /// As in [`PushSubscription`].
    pub p256dh: &'a str,
    /// As in [`PushSubscription`].
    pub auth: &'a str,
    /// Cut to 255 characters.
    pub user_agent: &'a str,
}

const SELECT: &str = "SELECT id, user_id, session_id, endpoint, p256dh, auth, user_agent, created_at, last_ok_at, \
                      failing_since, last_error FROM push_subscriptions";

static BROWSERS: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT user_id, id FROM push_subscriptions WHERE user_id IN (",
        "?",
        ") ORDER BY user_id, id",
    )
});

impl FromRow<'_, sqlx::any::AnyRow> for PushSubscription {
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        let time = |column: &str| {
            let millis: Option<i64> = row.try_get(column)?;
            Ok::<_, sqlx::Error>(millis.map(Timestamp::from_millis))
        };
        Ok(Self {
            id: PushSubscriptionId(row.try_get("id")?),
            user: UserId(row.try_get("user_id")?),
            session: row.try_get("session_id")?,
            endpoint: row.try_get("endpoint")?,
            p256dh: row.try_get("p256dh")?,
            auth: row.try_get("auth")?,
            user_agent: row.try_get("user_agent")?,
            created_at: time("created_at")?.unwrap_or_default(),
            last_ok_at: time("last_ok_at")?,
            failing_since: time("failing_since")?,
            last_error: row.try_get("last_error")?,
        })
    }
}

/// Stores a browser. One that is known tells its new person from now on, with its new keys.
pub async fn insert_push_subscription(
    tx: &mut Tx<'_>,
    db: &Db,
    new: &NewPushSubscription<'_>,
    now: Timestamp,
) -> Result<PushSubscriptionId> {
    const RENEWED: [&str; 8] = [
        "user_id",
        "session_id",
        "p256dh",
        "auth",
        "user_agent",
        "created_at",
        "failing_since",
        "last_error",
    ];
    let renew = db.dialect().or_update("endpoint_hash", &RENEWED);
    let sql = format!(
        "INSERT INTO push_subscriptions (user_id, session_id, endpoint_hash, endpoint, p256dh, auth, user_agent, \
         created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?){renew} RETURNING id"
    );
    let id = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(new.user.0)
        .bind(new.session)
        .bind(hash(new.endpoint))
        .bind(new.endpoint.to_owned())
        .bind(new.p256dh.to_owned())
        .bind(new.auth.to_owned())
        .bind(new.user_agent.chars().take(255).collect::<String>())
        .bind(now.as_millis())
        .fetch_one(&mut **tx)
        .await?;
    Ok(PushSubscriptionId(id))
}

/// One browser.
pub async fn find_push_subscription(db: &Db, id: PushSubscriptionId) -> Result<Option<PushSubscription>> {
    let sql = format!("{SELECT} WHERE id = ?");
    let found = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(db.pool())
        .await?;
    Ok(found)
}

/// The browsers of a person, the oldest first.
pub async fn list_push_subscriptions(db: &Db, user: UserId) -> Result<Vec<PushSubscription>> {
    let sql = format!("{SELECT} WHERE user_id = ? ORDER BY id");
    let found = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .fetch_all(db.pool())
        .await?;
    Ok(found)
}

/// The row numbers of the browsers of these people.
pub async fn list_browsers(tx: &mut Tx<'_>, users: &[UserId]) -> Result<Vec<(UserId, PushSubscriptionId)>> {
    let mut browsers = Vec::new();
    for (statement, users) in BROWSERS.cut(users) {
        let mut query = sqlx::query_as::<_, (i64, i64)>(statement);
        for user in users {
            query = query.bind(user.0);
        }
        let rows = query.fetch_all(&mut **tx).await?;
        browsers.extend(
            rows.into_iter()
                .map(|(user, id)| (UserId(user), PushSubscriptionId(id))),
        );
    }
    Ok(browsers)
}

/// How many browsers of a person have taken nothing since `before`.
pub async fn count_failing(db: &Db, user: UserId, before: Timestamp) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM push_subscriptions WHERE user_id = ? AND failing_since <= ?")
        .bind(user.0)
        .bind(before.as_millis())
        .fetch_one(db.pool())
        .await?;
    Ok(count)
}

/// Its push service has taken a message.
pub async fn update_push_taken(db: &Db, id: PushSubscriptionId, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE push_subscriptions SET last_ok_at = ?, failing_since = NULL, last_error = NULL WHERE id = ?")
        .bind(now.as_millis())
        .bind(id.0)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Its push service has not taken a message.
pub async fn update_push_failing(db: &Db, id: PushSubscriptionId, error: &str, now: Timestamp) -> Result<()> {
    sqlx::query(
        "UPDATE push_subscriptions SET failing_since = COALESCE(failing_since, ?), last_error = ? WHERE id = ?",
    )
    .bind(now.as_millis())
    .bind(error.chars().take(240).collect::<String>())
    .bind(id.0)
    .execute(db.pool())
    .await?;
    Ok(())
}

/// Forgets a browser of a person. `false`: it is none of theirs.
pub async fn delete_push_subscription(db: &Db, user: UserId, id: PushSubscriptionId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM push_subscriptions WHERE id = ? AND user_id = ?")
        .bind(id.0)
        .bind(user.0)
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets the browser with this endpoint: it has another one now.
pub async fn delete_push_subscription_at(tx: &mut Tx<'_>, user: UserId, endpoint: &str) -> Result<()> {
    sqlx::query("DELETE FROM push_subscriptions WHERE endpoint_hash = ? AND user_id = ?")
        .bind(hash(endpoint))
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets the browsers that were switched on in sessions that somebody has ended.
pub async fn delete_push_subscriptions_of(tx: &mut Tx<'_>, sessions: &[i64]) -> Result<()> {
    for session in sessions {
        sqlx::query("DELETE FROM push_subscriptions WHERE session_id = ?")
            .bind(*session)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

fn hash(endpoint: &str) -> String {
    format!("{:x}", Sha256::digest(endpoint.as_bytes()))
}
