//! Table `notices`: who was told of which alert, in which letter.

use std::sync::LazyLock;

use domain::time::Timestamp;

use super::bulk::{Bulk, marks};
use super::outbox::Channel;
use super::{AlertId, Db, Tx, UserId};
use crate::error::{Error, Result};

/// What a letter says of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It has begun.
    Fired,
    /// It still is, and nobody has acknowledged it.
    Again,
    /// It is over.
    Over,
}

impl What {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Again => "again",
            Self::Over => "over",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let known = [Self::Fired, Self::Again, Self::Over]
            .into_iter()
            .find(|what| what.as_str() == text);
        known.ok_or_else(|| Error::Corrupt {
            what: "notices.what",
            detail: text.to_owned(),
        })
    }
}

/// A notice and what became of its letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Of what.
    pub alert: AlertId,
    /// What it says.
    pub what: What,
    /// By which way: `mail` or `push`.
    pub channel: String,
    /// To whom.
    pub email: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// `queued`, `accepted` or `dead`; `None` once the ledger has forgotten it.
    pub state: Option<String>,
    /// When it was accepted or given up.
    pub settled_at: Option<Timestamp>,
    /// Why it was not accepted so far.
    pub last_error: Option<String>,
    /// When its reader first followed it.
    pub opened_at: Option<Timestamp>,
}

static INSERT: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO notices (alert_id, user_id, letter, what, channel, created_at) VALUES ",
        &marks(6),
        "",
    )
});
static LIST: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT n.alert_id, n.what, n.channel, u.email, n.created_at, o.state, o.settled_at, \
         o.last_error, n.opened_at FROM notices n \
         JOIN users u ON u.id = n.user_id LEFT JOIN outbox o ON o.dedupe_key = n.letter WHERE n.alert_id IN (",
        "?",
        ") ORDER BY n.created_at, u.email",
    )
});

/// A letter, as notices name it.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// Its key in the outbox.
    pub key: &'a str,
    /// How it travels.
    pub channel: Channel,
}

/// Remembers that a letter tells a person of these alerts.
pub async fn insert_notices(
    tx: &mut Tx<'_>,
    alerts: &[AlertId],
    user: UserId,
    letter: &Sent<'_>,
    what: What,
    now: Timestamp,
) -> Result<()> {
    for (statement, alerts) in INSERT.cut(alerts) {
        let mut query = sqlx::query(statement);
        for alert in alerts {
            query = query
                .bind(alert.0)
                .bind(user.0)
                .bind(letter.key.to_owned())
                .bind(what.as_str())
                .bind(letter.channel.name())
                .bind(now.as_millis());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// A letter no longer tells of an alert.
pub async fn delete_notice(tx: &mut Tx<'_>, alert: AlertId, letter: &str) -> Result<()> {
    sqlx::query("DELETE FROM notices WHERE alert_id = ? AND letter = ?")
        .bind(alert.0)
        .bind(letter.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// In which letters a person was told that an alert has begun or still is.
pub async fn list_told(tx: &mut Tx<'_>, alert: AlertId, user: UserId) -> Result<Vec<(Channel, String)>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT channel, letter FROM notices WHERE alert_id = ? AND user_id = ? AND what <> 'over' ORDER BY letter",
    )
    .bind(alert.0)
    .bind(user.0)
    .fetch_all(&mut **tx)
    .await?;
    let told = rows
        .into_iter()
        .map(|(channel, letter)| Ok((Channel::of(&channel)?, letter)));
    told.collect()
}

/// Its reader has followed a letter. Only the first time counts.
pub async fn update_opened(db: &Db, letter: &str, now: Timestamp) -> Result<()> {
    sqlx::query("UPDATE notices SET opened_at = ? WHERE letter = ? AND opened_at IS NULL")
        .bind(now.as_millis())
        .bind(letter.to_owned())
        .execute(db.pool())
        .await?;
    Ok(())
}

/// The notices of these alerts, the oldest first.
pub async fn list_notices(db: &Db, alerts: &[AlertId]) -> Result<Vec<Notice>> {
    type Row = (
        i64,
        String,
        String,
        String,
        i64,
        Option<String>,
        Option<i64>,
        Option<String>,
        Option<i64>,
    );
    let mut notices = Vec::new();
    for (statement, alerts) in LIST.cut(alerts) {
        let mut query = sqlx::query_as::<_, Row>(statement);
        for alert in alerts {
            query = query.bind(alert.0);
        }
        for row in query.fetch_all(db.pool()).await? {
            let (alert, what, channel, email, created_at, state, settled_at, last_error, opened_at) = row;
            notices.push(Notice {
                alert: AlertId(alert),
                what: What::parse(&what)?,
                channel,
                email,
                created_at: Timestamp::from_millis(created_at),
                state,
                settled_at: settled_at.map(Timestamp::from_millis),
                last_error,
                opened_at: opened_at.map(Timestamp::from_millis),
            });
        }
    }
    Ok(notices)
}
