//! Table `errands`: what devices are to be told as soon as they are there. Of each kind the latest wins.

use std::sync::LazyLock;

use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::command::Command;
use sqlx::{FromRow, Row as _};

use super::bulk::Bulk;
use super::devices::parse_serial;
use super::{AlertId, Db, DeviceId, ErrandId, RequestId, Tx};
use crate::error::{Error, Result};

/// How long settled errands can be looked at, ms.
const KEPT_MS: i64 = 365 * 24 * 3600 * 1000;

/// What became of an errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The device did it.
    Done,
    /// The device says that it cannot.
    Refused,
    /// The device was not there in time.
    Expired,
    /// A later one of its kind took its place.
    Replaced,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Done, Self::Refused, Self::Expired, Self::Replaced];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
        }
    }
}

/// A row, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Errand {
    /// Row number.
    pub id: ErrandId,
    /// Who is to be told.
    pub device: DeviceId,
    /// The number on its sticker.
    pub serial: Serial,
    /// Whose rule wants it; `None`: a person does.
    pub alert: Option<AlertId>,
    /// What it is to be told.
    pub command: Command,
    /// Since when.
    pub made_at: Timestamp,
    /// When nobody wants it any more.
    pub expires_at: Timestamp,
    /// When it is to be told (again); `None`: settled.
    pub next_at: Option<Timestamp>,
    /// How often it has been told.
    pub attempts: u32,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Why the device refused.
    pub answer: Option<String>,
    /// When that was.
    pub settled_at: Option<Timestamp>,
    /// Whether the broker says that the device is gone.
    pub is_away: bool,
}

/// An errand to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewErrand {
    /// Who is to be told.
    pub device: DeviceId,
    /// Whose rule wants it; `None`: a person does.
    pub alert: Option<AlertId>,
    /// What it is to be told.
    pub command: Command,
    /// When nobody wants it any more.
    pub expires_at: Timestamp,
    /// When it is to be told (again).
    pub next_at: Timestamp,
    /// The id of a first attempt that is made at once.
    pub request: Option<RequestId>,
}

const SELECT: &str = "SELECT e.id, e.device_id, d.serial, e.alert_id, e.name, e.payload, e.made_at, e.expires_at, \
                      e.next_at, e.attempts, e.outcome, e.answer, e.settled_at, s.will_at \
                      FROM errands e JOIN devices d ON d.id = e.device_id \
                      JOIN device_states s ON s.device_id = e.device_id";

static LIST_WAITING: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT id FROM errands WHERE next_at IS NOT NULL AND device_id IN (",
        "?",
        ")",
    )
});
static LIST_OF_ALERTS: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new(&format!("{SELECT} WHERE e.alert_id IN ("), "?", ") ORDER BY e.id"));

impl FromRow<'_, sqlx::any::AnyRow> for Errand {
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        let decode = |error: Error| sqlx::Error::Decode(Box::new(error));
        let time =
            |column: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_millis));
        let (name, payload): (String, String) = (row.try_get("name")?, row.try_get("payload")?);
        let request = Command::parse(&name, payload.as_bytes()).map_err(|malformed| {
            decode(Error::Corrupt {
                what: "errands.payload",
                detail: malformed.to_string(),
            })
        })?;
        let outcome: Option<String> = row.try_get("outcome")?;
        Ok(Self {
            id: ErrandId(row.try_get("id")?),
            device: DeviceId(row.try_get("device_id")?),
            serial: parse_serial(&row.try_get::<String, _>("serial")?).map_err(decode)?,
            alert: row.try_get::<Option<i64>, _>("alert_id")?.map(AlertId),
            command: request.command,
            made_at: time("made_at")?.unwrap_or_default(),
            expires_at: time("expires_at")?.unwrap_or_default(),
            next_at: time("next_at")?,
            attempts: u32::try_from(row.try_get::<i64, _>("attempts")?).unwrap_or(u32::MAX),
            outcome: outcome.and_then(|text| Outcome::ALL.into_iter().find(|one| one.as_str() == text)),
            answer: row.try_get("answer")?,
            settled_at: time("settled_at")?,
            is_away: time("will_at")?.is_some(),
        })
    }
}

/// Stores an errand in place of those of its kind that are still to be done.
pub async fn insert_errand(tx: &mut Tx<'_>, errand: &NewErrand, now: Timestamp) -> Result<ErrandId> {
    let name = errand.command.name();
    sqlx::query(
        "UPDATE errands SET next_at = NULL, outcome = 'replaced', settled_at = ? \
         WHERE device_id = ? AND name = ? AND next_at IS NOT NULL",
    )
    .bind(now.as_millis())
    .bind(errand.device.0)
    .bind(name)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM errands WHERE device_id = ? AND name = ? AND next_at IS NULL AND made_at < ?")
        .bind(errand.device.0)
        .bind(name)
        .bind(now.plus_millis(-KEPT_MS).as_millis())
        .execute(&mut **tx)
        .await?;
    let id = sqlx::query_scalar(
        "INSERT INTO errands (device_id, alert_id, name, payload, made_at, expires_at, next_at, request, attempts) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(errand.device.0)
    .bind(errand.alert.map(|alert| alert.0))
    .bind(name)
    .bind(errand.command.payload(None))
    .bind(now.as_millis())
    .bind(errand.expires_at.as_millis())
    .bind(errand.next_at.as_millis())
    .bind(errand.request.map(|request| request.to_string()))
    .bind(i64::from(errand.request.is_some()))
    .fetch_one(&mut **tx)
    .await?;
    Ok(ErrandId(id))
}

/// Errands whose time has come, the earliest first.
pub async fn list_due_errands(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<Errand>> {
    let sql = format!("{SELECT} WHERE e.next_at <= ? ORDER BY e.next_at, e.id LIMIT ?");
    let errands = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.as_millis())
        .bind(i64::from(limit))
        .fetch_all(db.pool())
        .await?;
    Ok(errands)
}

/// Takes an errand for one attempt. `false`: somebody else has.
pub async fn update_attempt(db: &Db, errand: &Errand, request: Option<RequestId>, next_at: Timestamp) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE errands SET request = COALESCE(?, request), next_at = ?, attempts = attempts + ? \
         WHERE id = ? AND next_at = ? AND attempts = ?",
    )
    .bind(request.map(|request| request.to_string()))
    .bind(next_at.as_millis())
    .bind(i64::from(request.is_some()))
    .bind(errand.id.0)
    .bind(errand.next_at.map(Timestamp::as_millis))
    .bind(i64::from(errand.attempts))
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Settles an errand. `false`: it was settled before.
pub async fn update_settled(
    db: &Db,
    id: ErrandId,
    outcome: Outcome,
    answer: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let answer = answer.map(|text| text.chars().take(200).collect::<String>());
    let done = sqlx::query(
        "UPDATE errands SET next_at = NULL, outcome = ?, answer = ?, settled_at = ? WHERE id = ? AND next_at IS NOT NULL",
    )
    .bind(outcome.as_str())
    .bind(answer)
    .bind(now.as_millis())
    .bind(id.0)
    .execute(db.pool())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// These devices are back: what they are to be told is due. `false`: nothing.
pub async fn update_returned(db: &Db, devices: &[DeviceId], now: Timestamp) -> Result<bool> {
    let mut waiting: Vec<i64> = Vec::new();
    for (statement, devices) in LIST_WAITING.cut(devices) {
        let mut query = sqlx::query_scalar::<_, i64>(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        waiting.extend(query.fetch_all(db.pool()).await?);
    }
    for id in &waiting {
        sqlx::query("UPDATE errands SET next_at = ? WHERE id = ? AND next_at > ?")
            .bind(now.as_millis())
            .bind(*id)
            .bind(now.as_millis())
            .execute(db.pool())
            .await?;
    }
    Ok(!waiting.is_empty())
}

/// The errand whose newest attempt has this id.
pub async fn find_errand_of_request(db: &Db, request: RequestId) -> Result<Option<Errand>> {
    let sql = format!("{SELECT} WHERE e.request = ?");
    let errand = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(request.to_string())
        .fetch_optional(db.pool())
        .await?;
    Ok(errand)
}

/// The latest errand of a kind.
pub async fn find_latest_errand(db: &Db, device: DeviceId, name: &str) -> Result<Option<Errand>> {
    let sql = format!("{SELECT} WHERE e.device_id = ? AND e.name = ? ORDER BY e.id DESC LIMIT 1");
    let errand = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(device.0)
        .bind(name.to_owned())
        .fetch_optional(db.pool())
        .await?;
    Ok(errand)
}

/// What the rules behind these alerts have had done.
pub async fn list_errands_of_alerts(db: &Db, alerts: &[AlertId]) -> Result<Vec<Errand>> {
    let mut errands = Vec::new();
    for (statement, alerts) in LIST_OF_ALERTS.cut(alerts) {
        let mut query = sqlx::query_as::<_, Errand>(statement);
        for alert in alerts {
            query = query.bind(alert.0);
        }
        errands.extend(query.fetch_all(db.pool()).await?);
    }
    Ok(errands)
}
