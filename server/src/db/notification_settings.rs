//! Table `notification_settings`: how each person wants to be told; and who is to be told of a home.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sqlx::{FromRow, Row as _};

use super::bulk::Bulk;
use super::push_subscriptions::list_browsers;
use super::rules::Quiet;
use super::{Db, HouseholdId, PushSubscriptionId, Tx, UserId};
use crate::error::Result;

/// A person's own switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotificationSettings {
    /// Whether mails are sent.
    pub by_mail: bool,
    /// Whether the browsers that were switched on are sent messages.
    pub by_push: bool,
    /// When to leave them in peace.
    pub quiet: Option<Quiet>,
    /// Whether danger may wake them all the same.
    pub danger_wakes: bool,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            by_mail: true,
            by_push: true,
            quiet: None,
            danger_wakes: true,
        }
    }
}

/// Somebody who is to be told what happens in a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Whose home.
    pub household: HouseholdId,
    /// The person.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// Language for messages, if chosen.
    pub locale: Option<String>,
    /// Unit of temperatures, `c` or `f`, if chosen.
    pub degrees: Option<String>,
    /// Their switches.
    pub settings: NotificationSettings,
    /// Their browsers that want to be told.
    pub browsers: Vec<PushSubscriptionId>,
}

const COLUMNS: &str = "n.by_mail, n.by_push, n.quiet_from, n.quiet_to, n.danger_wakes";

/// An address that was never proven may be a stranger's.
static RECIPIENTS: LazyLock<Bulk> = LazyLock::new(|| {
    let head = format!(
        "SELECT m.household_id, u.id, u.email, u.locale, u.degrees, {COLUMNS} FROM memberships m JOIN users u ON u.id = m.user_id \
         LEFT JOIN notification_settings n ON n.user_id = u.id WHERE u.verified_at IS NOT NULL AND m.household_id IN ("
    );
    Bulk::new(&head, "?", ") ORDER BY m.household_id, u.id")
});

impl FromRow<'_, sqlx::any::AnyRow> for NotificationSettings {
    /// A row of NULLs: never chosen.
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        let Some(by_mail) = row.try_get::<Option<i64>, _>("by_mail")? else {
            return Ok(Self::default());
        };
        Ok(Self {
            by_mail: by_mail != 0,
            by_push: row.try_get::<i64, _>("by_push")? != 0,
            quiet: Quiet::of_columns(row.try_get("quiet_from")?, row.try_get("quiet_to")?),
            danger_wakes: row.try_get::<i64, _>("danger_wakes")? != 0,
        })
    }
}

impl FromRow<'_, sqlx::any::AnyRow> for Recipient {
    fn from_row(row: &sqlx::any::AnyRow) -> sqlx::Result<Self> {
        Ok(Self {
            household: HouseholdId(row.try_get("household_id")?),
            user: UserId(row.try_get("id")?),
            email: row.try_get("email")?,
            locale: row.try_get("locale")?,
            degrees: row.try_get("degrees")?,
            settings: NotificationSettings::from_row(row)?,
            browsers: Vec::new(),
        })
    }
}

/// A person's switches.
pub async fn find_notification_settings(db: &Db, user: UserId) -> Result<NotificationSettings> {
    let sql = format!("SELECT {COLUMNS} FROM notification_settings n WHERE n.user_id = ?");
    let settings: Option<NotificationSettings> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .fetch_optional(db.pool())
        .await?;
    Ok(settings.unwrap_or_default())
}

/// Stores a person's switches.
pub async fn update_notification_settings(db: &Db, user: UserId, settings: &NotificationSettings) -> Result<()> {
    const COLUMNS: [&str; 6] = [
        "user_id",
        "by_mail",
        "by_push",
        "quiet_from",
        "quiet_to",
        "danger_wakes",
    ];
    let (head, tail) = db.dialect().overwrite("notification_settings", &COLUMNS, 1);
    sqlx::query(sqlx::AssertSqlSafe(format!("{head}(?, ?, ?, ?, ?, ?){tail}")))
        .bind(user.0)
        .bind(i64::from(settings.by_mail))
        .bind(i64::from(settings.by_push))
        .bind(settings.quiet.map(|quiet| i64::from(quiet.from)))
        .bind(settings.quiet.map(|quiet| i64::from(quiet.to)))
        .bind(i64::from(settings.danger_wakes))
        .execute(db.pool())
        .await?;
    Ok(())
}

/// Who is to be told what happens in these homes.
pub async fn list_recipients(tx: &mut Tx<'_>, households: &[HouseholdId]) -> Result<Vec<Recipient>> {
    let mut recipients: Vec<Recipient> = Vec::new();
    for (statement, households) in RECIPIENTS.cut(households) {
        let mut query = sqlx::query_as(statement);
        for household in households {
            query = query.bind(household.0);
        }
        recipients.extend(query.fetch_all(&mut **tx).await?);
    }
    let users: BTreeSet<_> = recipients.iter().map(|recipient| recipient.user).collect();
    let users: Vec<_> = users.into_iter().collect();
    let browsers = list_browsers(tx, &users).await?;
    for recipient in &mut recipients {
        let own = browsers.iter().filter(|(user, _)| *user == recipient.user);
        recipient.browsers = own.map(|(_, browser)| *browser).collect();
    }
    Ok(recipients)
}
