//! Table `rules`: what people want to be told about a device.

use domain::alert::Rule;
use domain::time::Timestamp;
use sqlx::{Any, Executor, FromRow, Row as _};

use super::{Db, DeviceId, RuleId, Tx, UserId};
use crate::error::{Error, Result};

/// Hours in which people are not to be woken, as minutes of the local day; over midnight if `from` is the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First quiet minute.
    pub from: u16,
    /// First minute that is not quiet any more.
    pub to: u16,
}

/// Ways in which people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// E-mail.
    pub mail: bool,
    /// Web Push.
    pub push: bool,
}

impl Channels {
    /// Every way there is.
    pub const ALL: Self = Self { mail: true, push: true };
    /// Nobody is told.
    pub const NONE: Self = Self {
        mail: false,
        push: false,
    };
}

/// How a rule's people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Off: nothing is watched.
    pub enabled: bool,
    /// By which ways.
    pub channels: Channels,
    /// Whether it may wake people.
    pub danger: bool,
    /// Seconds after which it is said again until somebody acknowledges; 0: once.
    pub repeat_s: u32,
    /// Its own quiet hours.
    pub quiet: Option<Quiet>,
    /// What the device's lamp is to be while the rule is active; afterwards it is the opposite.
    pub lamp: Option<bool>,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRule {
    /// Row number.
    pub id: RuleId,
    /// Whose readings it watches.
    pub device: DeviceId,
    /// What it watches for.
    pub rule: Rule,
    /// How people are told.
    pub terms: Terms,
}

/// The columns that [`read_rule`] and [`read_terms`] want, of the table called `r`.
pub(super) const COLUMNS: &str = "r.id, r.device_id, r.definition, r.enabled, r.by_mail, r.by_push, r.danger, \
                                  r.repeat_s, r.quiet_from, r.quiet_to, r.lamp";

impl Quiet {
    /// From the columns; `None` unless both are there.
    pub(super) fn of_columns(from: Option<i64>, to: Option<i64>) -> Option<Self> {
        let minute = |minute: Option<i64>| u16::try_from(minute?).ok();
        Some(Self {
            from: minute(from)?,
            to: minute(to)?,
        })
    }
}

impl FromRow<'_, sqlx::any::AnyRow> for StoredRule {
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        let flag = |column: &str| Ok::<_, sqlx::Error>(row.try_get::<i64, _>(column)? != 0);
        let definition: String = row.try_get("definition")?;
        Ok(Self {
            id: RuleId(row.try_get("id")?),
            device: DeviceId(row.try_get("device_id")?),
            rule: parse_definition(&definition).map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            terms: Terms {
                enabled: flag("enabled")?,
                channels: Channels {
                    mail: flag("by_mail")?,
                    push: flag("by_push")?,
                },
                danger: flag("danger")?,
                repeat_s: u32::try_from(row.try_get::<i64, _>("repeat_s")?).unwrap_or(u32::MAX),
                quiet: Quiet::of_columns(row.try_get("quiet_from")?, row.try_get("quiet_to")?),
                lamp: row.try_get::<Option<i64>, _>("lamp")?.map(|lamp| lamp != 0),
            },
        })
    }
}

/// Reads a stored rule.
pub(super) fn parse_definition(json: &str) -> Result<Rule> {
    serde_json::from_str(json).map_err(|error| Error::Corrupt {
        what: "rules.definition",
        detail: error.to_string(),
    })
}

/// Writes a rule as it is stored.
pub(super) fn definition(rule: &Rule) -> String {
    serde_json::to_string(rule).expect("numbers and names make valid JSON")
}

/// The rules of a device, in the order in which they were made.
pub async fn list_rules(db: &Db, device: DeviceId) -> Result<Vec<StoredRule>> {
    list_on(db.pool(), device).await
}

/// As [`list_rules`], within a transaction.
pub async fn list_rules_in(tx: &mut Tx<'_>, device: DeviceId) -> Result<Vec<StoredRule>> {
    list_on(&mut **tx, device).await
}

async fn list_on<'e>(executor: impl Executor<'e, Database = Any>, device: DeviceId) -> Result<Vec<StoredRule>> {
    let sql = format!("SELECT {COLUMNS} FROM rules r WHERE r.device_id = ? ORDER BY r.id");
    let rows = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(device.0)
        .fetch_all(executor)
        .await?;
    Ok(rows)
}

/// The rule with this number and its device's serial, if it is of a home of this person.
pub async fn find_rule_of(db: &Db, user: UserId, id: RuleId) -> Result<Option<(String, StoredRule)>> {
    let sql = format!(
        "SELECT {COLUMNS}, d.serial FROM rules r JOIN devices d ON d.id = r.device_id \
         JOIN memberships m ON m.household_id = d.household_id WHERE m.user_id = ? AND r.id = ?"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .bind(id.0)
        .fetch_optional(db.pool())
        .await?;
    row.map(|row| Ok((row.try_get("serial")?, StoredRule::from_row(&row)?)))
        .transpose()
}

/// How people are told of a rule, as it is now; `None` once it is taken away.
pub async fn find_terms(tx: &mut Tx<'_>, id: RuleId) -> Result<Option<Terms>> {
    let sql = format!("SELECT {COLUMNS} FROM rules r WHERE r.id = ?");
    let rule: Option<StoredRule> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(rule.map(|rule| rule.terms))
}

/// Stores a rule. Hold the device's state row.
pub async fn insert_rule(
    tx: &mut Tx<'_>,
    device: DeviceId,
    rule: &Rule,
    terms: &Terms,
    now: Timestamp,
) -> Result<RuleId> {
    let id = sqlx::query_scalar(
        "INSERT INTO rules (device_id, definition, enabled, by_mail, by_push, danger, repeat_s, quiet_from, quiet_to, \
         lamp, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(device.0)
    .bind(definition(rule))
    .bind(i64::from(terms.enabled))
    .bind(i64::from(terms.channels.mail))
    .bind(i64::from(terms.channels.push))
    .bind(i64::from(terms.danger))
    .bind(i64::from(terms.repeat_s))
    .bind(terms.quiet.map(|quiet| i64::from(quiet.from)))
    .bind(terms.quiet.map(|quiet| i64::from(quiet.to)))
    .bind(terms.lamp.map(i64::from))
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await?;
    Ok(RuleId(id))
}

/// Changes a rule. Hold the device's state row.
pub async fn update_rule(tx: &mut Tx<'_>, id: RuleId, rule: &Rule, terms: &Terms) -> Result<()> {
    sqlx::query(
        "UPDATE rules SET definition = ?, enabled = ?, by_mail = ?, by_push = ?, danger = ?, repeat_s = ?, \
         quiet_from = ?, quiet_to = ?, lamp = ? WHERE id = ?",
    )
    .bind(definition(rule))
    .bind(i64::from(terms.enabled))
    .bind(i64::from(terms.channels.mail))
    .bind(i64::from(terms.channels.push))
    .bind(i64::from(terms.danger))
    .bind(i64::from(terms.repeat_s))
    .bind(terms.quiet.map(|quiet| i64::from(quiet.from)))
    .bind(terms.quiet.map(|quiet| i64::from(quiet.to)))
    .bind(terms.lamp.map(i64::from))
    .bind(id.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a rule away. Hold the device's state row.
pub async fn delete_rule(tx: &mut Tx<'_>, id: RuleId) -> Result<()> {
    for statement in [
        "DELETE FROM rule_states WHERE rule_id = ?",
        "DELETE FROM rules WHERE id = ?",
    ] {
        sqlx::query(statement).bind(id.0).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Tells the intake whether a device has rules at all.
pub async fn update_watched(tx: &mut Tx<'_>, device: DeviceId) -> Result<()> {
    sqlx::query(
        "UPDATE devices SET watched = CASE WHEN EXISTS (SELECT 1 FROM rules WHERE device_id = ?) THEN 1 ELSE 0 END \
         WHERE id = ?",
    )
    .bind(device.0)
    .bind(device.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
