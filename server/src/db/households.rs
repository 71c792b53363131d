//! Tables `households` and `memberships`: who lives with which devices.

use std::sync::LazyLock;

use domain::time::Timestamp;
use sqlx::FromRow;

use super::bulk::Bulk;
use super::{Db, Dialect, HouseholdId, Tx, UserId};
use crate::error::{Error, Result};

/// People who share devices.
#[derive(Clone, Debug)]
pub struct Household {
    /// Row number.
    pub id: HouseholdId,
    /// As its people call it.
    pub name: String,
    /// IANA time zone that new devices get.
    pub zone: String,
    /// Whether its readings are a recording.
    pub demo: bool,
}

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything except people.
    Member,
    /// Look.
    Viewer,
}

impl Role {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// Reads [`Role::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Owner, Self::Member, Self::Viewer]
            .into_iter()
            .find(|role| role.as_str() == text)
    }

    /// Whether this person may change what belongs to the household: names, rules, acknowledgements.
    pub const fn may_change(self) -> bool {
        matches!(self, Self::Owner | Self::Member)
    }
}

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    zone: String,
    demo: i64,
}

impl From<Row> for Household {
    fn from(row: Row) -> Self {
        Self {
            id: HouseholdId(row.id),
            name: row.name,
            zone: row.zone,
            demo: row.demo != 0,
        }
    }
}

/// The households a person belongs to, the oldest first.
pub async fn list_households_of(db: &Db, user: UserId) -> Result<Vec<Household>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT h.id, h.name, h.zone, h.demo FROM households h \
         JOIN memberships m ON m.household_id = h.id WHERE m.user_id = ? ORDER BY h.id",
    )
    .bind(user.0)
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Household::from).collect())
}

/// The household a person owns, the oldest if there are several.
pub async fn find_household_of(tx: &mut Tx<'_>, owner: UserId) -> Result<Option<HouseholdId>> {
    let id: Option<i64> = sqlx::query_scalar(
        "SELECT household_id FROM memberships WHERE user_id = ? AND role = ? ORDER BY household_id LIMIT 1",
    )
    .bind(owner.0)
    .bind(Role::Owner.as_str())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(HouseholdId))
}

/// The household into which a person's new device goes: one they own, else one where they may change things, the oldest.
pub async fn find_household_to_fill(tx: &mut Tx<'_>, user: UserId) -> Result<Option<(HouseholdId, String)>> {
    let found: Option<(i64, String)> = sqlx::query_as(
        "SELECT h.id, h.zone FROM households h JOIN memberships m ON m.household_id = h.id \
         WHERE m.user_id = ? AND m.role IN ('owner', 'member') AND h.demo = 0 ORDER BY m.role DESC, h.id LIMIT 1",
    )
    .bind(user.0)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(found.map(|(id, zone)| (HouseholdId(id), zone)))
}

/// What a person is in a household, if they belong to it.
pub async fn find_role(db: &Db, household: HouseholdId, user: UserId) -> Result<Option<Role>> {
    let role: Option<String> =
        sqlx::query_scalar("SELECT role FROM memberships WHERE household_id = ? AND user_id = ?")
            .bind(household.0)
            .bind(user.0)
            .fetch_optional(db.pool())
            .await?;
    role.map(|role| parse_role(&role)).transpose()
}

/// What letters about a home need to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedHome {
    /// Row number.
    pub id: HouseholdId,
    /// As its people call it.
    pub name: String,
    /// IANA time zone of its hours.
    pub zone: String,
    /// Devices with rules.
    pub watched: i64,
}

static WATCHED_HOMES: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT h.id, h.name, h.zone, (SELECT COUNT(*) FROM devices d WHERE d.household_id = h.id AND d.watched = 1) \
         FROM households h WHERE h.id IN (",
        "?",
        ")",
    )
});

/// These homes.
pub async fn list_watched_homes(tx: &mut Tx<'_>, households: &[HouseholdId]) -> Result<Vec<WatchedHome>> {
    let mut homes = Vec::with_capacity(households.len());
    for (statement, households) in WATCHED_HOMES.cut(households) {
        let mut query = sqlx::query_as::<_, (i64, String, String, i64)>(statement);
        for household in households {
            query = query.bind(household.0);
        }
        let home = |(id, name, zone, watched)| WatchedHome {
            id: HouseholdId(id),
            name,
            zone,
            watched,
        };
        homes.extend(query.fetch_all(&mut **tx).await?.into_iter().map(home));
    }
    Ok(homes)
}

/// Somebody who belongs to a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub user: UserId,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// Everybody who belongs to a household: its owners first, then by the age of their accounts.
pub async fn list_members(db: &Db, household: HouseholdId) -> Result<Vec<Member>> {
    let rows: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT u.id, u.email, m.role FROM memberships m JOIN users u ON u.id = m.user_id \
         WHERE m.household_id = ? ORDER BY CASE m.role WHEN 'owner' THEN 0 ELSE 1 END, u.id",
    )
    .bind(household.0)
    .fetch_all(db.pool())
    .await?;
    let member = |(user, email, role): (i64, String, String)| {
        Ok(Member {
            user: UserId(user),
            email,
            role: parse_role(&role)?,
        })
    };
    rows.into_iter().map(member).collect()
}

pub(super) fn parse_role(text: &str) -> Result<Role> {
    Role::parse(text).ok_or_else(|| Error::Corrupt {
        what: "memberships.role",
        detail: text.to_owned(),
    })
}

/// Stores a household.
pub async fn insert_household(
    tx: &mut Tx<'_>,
    name: &str,
    zone: &str,
    demo: bool,
    now: Timestamp,
) -> Result<HouseholdId> {
    let id =
        sqlx::query_scalar("INSERT INTO households (name, zone, demo, created_at) VALUES (?, ?, ?, ?) RETURNING id")
            .bind(name.to_owned())
            .bind(zone.to_owned())
            .bind(i64::from(demo))
            .bind(now.as_millis())
            .fetch_one(&mut **tx)
            .await?;
    Ok(HouseholdId(id))
}

/// Makes a person part of a household.
pub async fn insert_membership(tx: &mut Tx<'_>, household: HouseholdId, user: UserId, role: Role) -> Result<()> {
    sqlx::query("INSERT INTO memberships (household_id, user_id, role) VALUES (?, ?, ?)")
        .bind(household.0)
        .bind(user.0)
        .bind(role.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// One household, for whoever was asked into it.
pub async fn find_household(db: &Db, id: HouseholdId) -> Result<Option<Household>> {
    let row: Option<Row> = sqlx::query_as("SELECT id, name, zone, demo FROM households WHERE id = ?")
        .bind(id.0)
        .fetch_optional(db.pool())
        .await?;
    Ok(row.map(Household::from))
}

/// Who is what in a household. Keeps everybody else from changing it until the transaction ends: two owners who remove
/// each other at the same moment must not both succeed.
pub async fn lock_roles(tx: &mut Tx<'_>, dialect: Dialect, household: HouseholdId) -> Result<Vec<(UserId, Role)>> {
    let lock = format!("SELECT id FROM households WHERE id = ?{}", dialect.for_update());
    let found: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(lock))
        .bind(household.0)
        .fetch_optional(&mut **tx)
        .await?;
    if found.is_none() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String)> = sqlx::query_as("SELECT user_id, role FROM memberships WHERE household_id = ?")
        .bind(household.0)
        .fetch_all(&mut **tx)
        .await?;
    let role = |(user, role): (i64, String)| Ok((UserId(user), parse_role(&role)?));
    rows.into_iter().map(role).collect()
}

/// Makes a member something else.
pub async fn update_role(tx: &mut Tx<'_>, household: HouseholdId, user: UserId, role: Role) -> Result<()> {
    sqlx::query("UPDATE memberships SET role = ? WHERE household_id = ? AND user_id = ?")
        .bind(role.as_str())
        .bind(household.0)
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A person belongs to a household no longer.
pub async fn delete_membership(tx: &mut Tx<'_>, household: HouseholdId, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM memberships WHERE household_id = ? AND user_id = ?")
        .bind(household.0)
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets a household, who belonged to it and who was asked into it. Its devices become nobody's.
pub async fn delete_household(tx: &mut Tx<'_>, household: HouseholdId) -> Result<()> {
    sqlx::query("DELETE FROM households WHERE id = ?")
        .bind(household.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
