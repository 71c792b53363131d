//! Table `alerts`: what happened, from the moment it was told until it was over.

use std::sync::LazyLock;

use domain::alert::{Point, Rule};
use domain::time::Timestamp;
use sqlx::{FromRow, Row as _};

use super::bulk::Bulk;
use super::rules::{definition, parse_definition};
use super::{AlertId, Db, DeviceId, Dialect, HouseholdId, RuleId, Tx, UserId};
use crate::error::Result;

/// A row, and what is needed to tell of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Row number.
    pub id: AlertId,
    /// The rule, which may be gone.
    pub rule_id: RuleId,
    /// Whose readings.
    pub device: DeviceId,
    /// The device's serial.
    pub serial: String,
    /// The device's name.
    pub place: String,
    /// IANA time zone of the device.
    pub zone: String,
    /// Whose home.
    pub household: HouseholdId,
    /// The rule as it was.
    pub rule: Rule,
    /// Whether it may wake people.
    pub danger: bool,
    /// Seconds after which it is said again; 0: once.
    pub repeat_s: u32,
    /// When it became true.
    pub fired_at: Timestamp,
    /// When we decided so.
    pub noticed_at: Timestamp,
    /// The value that made it true.
    pub value: Option<f64>,
    /// Where a change began; when a silent device was last heard.
    pub from: Option<Point>,
    /// When somebody said that they know.
    pub acked_at: Option<Timestamp>,
    /// Who, if they still have an account.
    pub acked_by: Option<String>,
    /// When it was over.
    pub cleared_at: Option<Timestamp>,
    /// The value that is normal again.
    pub cleared_value: Option<f64>,
}

/// An alert to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewAlert<'a> {
    /// The rule that fired.
    pub rule_id: RuleId,
    /// As it is.
    pub rule: &'a Rule,
    /// Whose readings.
    pub device: DeviceId,
    /// Whose home.
    pub household: HouseholdId,
    /// Whether it may wake people.
    pub danger: bool,
    /// Seconds after which it is said again; 0: once.
    pub repeat_s: u32,
    /// When it became true.
    pub fired_at: Timestamp,
    /// The value that made it true.
    pub value: Option<f64>,
    /// Where a change began; when a silent device was last heard.
    pub from: Option<Point>,
}

const SELECT: &str = "SELECT a.id, a.rule_id, a.device_id, d.serial, d.name, d.zone, a.household_id, a.definition, \
                      a.danger, a.repeat_s, a.fired_at, a.noticed_at, a.value, a.from_value, a.from_at, a.acked_at, \
                      u.email, a.cleared_at, a.cleared_value \
                      FROM alerts a JOIN devices d ON d.id = a.device_id LEFT JOIN users u ON u.id = a.acked_by";

static OPEN: LazyLock<Bulk> = LazyLock::new(|| {
    let head = format!("{SELECT} WHERE a.cleared_at IS NULL AND a.device_id IN (");
    Bulk::new(&head, "?", ") ORDER BY a.id")
});

impl FromRow<'_, sqlx::any::AnyRow> for Alert {
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        let time = |column: &str| {
            let millis: Option<i64> = row.try_get(column)?;
            Ok::<_, sqlx::Error>(millis.map(Timestamp::from_millis))
        };
        let definition: String = row.try_get("definition")?;
        let from = time("from_at")?.zip(row.try_get::<Option<f64>, _>("from_value")?);
        Ok(Self {
            id: AlertId(row.try_get("id")?),
            rule_id: RuleId(row.try_get("rule_id")?),
            device: DeviceId(row.try_get("device_id")?),
            serial: row.try_get("serial")?,
            place: row.try_get("name")?,
            zone: row.try_get("zone")?,
            household: HouseholdId(row.try_get("household_id")?),
            rule: parse_definition(&definition).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            danger: row.try_get::<i64, _>("danger")? != 0,
            repeat_s: u32::try_from(row.try_get::<i64, _>("repeat_s")?).unwrap_or(u32::MAX),
            fired_at: time("fired_at")?.unwrap_or_default(),
            noticed_at: time("noticed_at")?.unwrap_or_default(),
            value: row.try_get("value")?,
            from: from.map(|(at, value)| Point { at, value }),
            acked_at: time("acked_at")?,
            acked_by: row.try_get("email")?,
            cleared_at: time("cleared_at")?,
            cleared_value: row.try_get("cleared_value")?,
        })
    }
}

/// Stores an alert; the same one a second time is the same row.
pub async fn insert_alert(tx: &mut Tx<'_>, dialect: Dialect, alert: &NewAlert<'_>, now: Timestamp) -> Result<AlertId> {
    let known_stays = dialect.or_update("rule_id, fired_at", &["rule_id"]);
    let again_at = (alert.repeat_s > 0).then(|| now.plus_millis(i64::from(alert.repeat_s) * 1000));
    let sql = format!(
        "INSERT INTO alerts (rule_id, device_id, household_id, definition, danger, repeat_s, fired_at, noticed_at, \
         value, from_value, from_at, again_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?){known_stays} RETURNING id"
    );
    let id = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(alert.rule_id.0)
        .bind(alert.device.0)
        .bind(alert.household.0)
        .bind(definition(alert.rule))
        .bind(i64::from(alert.danger))
        .bind(i64::from(alert.repeat_s))
        .bind(alert.fired_at.as_millis())
        .bind(now.as_millis())
        .bind(alert.value)
        .bind(alert.from.map(|from| from.value))
        .bind(alert.from.map(|from| from.at.as_millis()))
        .bind(again_at.map(Timestamp::as_millis))
        .fetch_one(&mut **tx)
        .await?;
    Ok(AlertId(id))
}

/// Ends the alerts of a rule that are not over, and returns them.
pub async fn update_cleared(tx: &mut Tx<'_>, rule: RuleId, at: Timestamp, value: Option<f64>) -> Result<Vec<AlertId>> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM alerts WHERE rule_id = ? AND cleared_at IS NULL")
        .bind(rule.0)
        .fetch_all(&mut **tx)
        .await?;
    for id in &ids {
        sqlx::query("UPDATE alerts SET cleared_at = ?, cleared_value = ?, again_at = NULL WHERE id = ?")
            .bind(at.as_millis())
            .bind(value)
            .bind(*id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(ids.into_iter().map(AlertId).collect())
}

/// Remembers who knows of it. `false`: somebody said so before, or it is no alert of that household.
pub async fn update_acked(
    tx: &mut Tx<'_>,
    alert: AlertId,
    household: HouseholdId,
    by: UserId,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE alerts SET acked_at = ?, acked_by = ?, again_at = NULL \
         WHERE id = ? AND household_id = ? AND acked_at IS NULL",
    )
    .bind(now.as_millis())
    .bind(by.0)
    .bind(alert.0)
    .bind(household.0)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Alerts that are to be said again by now. Those of one home stand together.
pub async fn list_again(tx: &mut Tx<'_>, dialect: Dialect, now: Timestamp, limit: u32) -> Result<Vec<Alert>> {
    let sql = format!(
        "{SELECT} WHERE a.again_at <= ? ORDER BY a.household_id, a.id LIMIT ?{}",
        dialect.for_update()
    );
    let alerts = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(now.as_millis())
        .bind(i64::from(limit))
        .fetch_all(&mut **tx)
        .await?;
    Ok(alerts)
}

/// Says when an alert is to be said again.
pub async fn update_again(tx: &mut Tx<'_>, alert: AlertId, at: Option<Timestamp>) -> Result<()> {
    sqlx::query("UPDATE alerts SET again_at = ? WHERE id = ?")
        .bind(at.map(Timestamp::as_millis))
        .bind(alert.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What a letter tells of, the oldest first.
pub async fn list_alerts_of_letter(tx: &mut Tx<'_>, letter: &str) -> Result<Vec<Alert>> {
    let sql = format!("{SELECT} JOIN notices n ON n.alert_id = a.id WHERE n.letter = ? ORDER BY a.id");
    let alerts = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(letter.to_owned())
        .fetch_all(&mut **tx)
        .await?;
    Ok(alerts)
}

/// One alert.
pub async fn find_alert_in(tx: &mut Tx<'_>, id: AlertId) -> Result<Option<Alert>> {
    let sql = format!("{SELECT} WHERE a.id = ?");
    let alert = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(alert)
}

/// An alert of a home that this person belongs to.
pub async fn find_alert_of(db: &Db, user: UserId, id: AlertId) -> Result<Option<Alert>> {
    let sql =
        format!("{SELECT} JOIN memberships m ON m.household_id = a.household_id WHERE m.user_id = ? AND a.id = ?");
    let alert = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .bind(id.0)
        .fetch_optional(db.pool())
        .await?;
    Ok(alert)
}

/// The alerts of all homes of a person, the newest first.
pub async fn list_alerts_of(db: &Db, user: UserId, limit: u32) -> Result<Vec<Alert>> {
    let sql = format!(
        "{SELECT} JOIN memberships m ON m.household_id = a.household_id WHERE m.user_id = ? ORDER BY a.id DESC LIMIT ?"
    );
    let alerts = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .bind(i64::from(limit))
        .fetch_all(db.pool())
        .await?;
    Ok(alerts)
}

/// The alerts of these devices that are not over, the oldest first.
pub async fn list_open(db: &Db, devices: &[DeviceId]) -> Result<Vec<Alert>> {
    let mut open = Vec::new();
    for (statement, devices) in OPEN.cut(devices) {
        let mut query = sqlx::query_as(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        open.extend(query.fetch_all(db.pool()).await?);
    }
    Ok(open)
}

/// When the rules of a device fired in `[from, to)`, in order.
pub async fn list_fired(db: &Db, device: DeviceId, from: Timestamp, to: Timestamp) -> Result<Vec<Timestamp>> {
    let sql = "SELECT fired_at FROM alerts WHERE device_id = ? AND fired_at >= ? AND fired_at < ? ORDER BY fired_at";
    let fired: Vec<i64> = sqlx::query_scalar(sql)
        .bind(device.0)
        .bind(from.as_millis())
        .bind(to.as_millis())
        .fetch_all(db.pool())
        .await?;
    Ok(fired.into_iter().map(Timestamp::from_millis).collect())
}
