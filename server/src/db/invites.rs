//! Table `invites`: who was asked into a household and has not answered yet.

use domain::time::Timestamp;
use sqlx::FromRow;

use super::households::{Role, parse_role};
use super::{Db, HouseholdId, Tx, UserId};
use crate::error::Result;

/// Somebody who was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Row number.
    pub id: i64,
    /// Into which household.
    pub household: HouseholdId,
    /// Where the mail went.
    pub email: String,
    /// What they are to be there.
    pub role: Role,
    /// Until when.
    pub expires_at: Timestamp,
}

/// One that is to be sent.
#[derive(Clone, Debug)]
pub struct NewInvite<'a> {
    /// Into which household.
    pub household: HouseholdId,
    /// SHA-256 of the token in the link, lower-case hex.
    pub token_hash: &'a str,
    /// Where the mail goes.
    pub email: &'a str,
    /// What they are to be there.
    pub role: Role,
    /// Who asks.
    pub invited_by: UserId,
    /// Until when.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    household_id: i64,
    email: String,
    role: String,
    expires_at: i64,
}

impl TryFrom<Row> for Invite {
    type Error = crate::error::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            household: HouseholdId(row.household_id),
            email: row.email,
            role: parse_role(&row.role)?,
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// The invites of a household that may still be accepted, the latest last.
pub async fn list_invites(db: &Db, household: HouseholdId, now: Timestamp) -> Result<Vec<Invite>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, household_id, email, role, expires_at FROM invites WHERE household_id = ? AND expires_at > ? ORDER BY id",
    )
    .bind(household.0)
    .bind(now.as_millis())
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Invite::try_from).collect()
}

/// The invite behind a link, if it may still be accepted.
pub async fn find_invite(db: &Db, token_hash: &str, now: Timestamp) -> Result<Option<Invite>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, household_id, email, role, expires_at FROM invites WHERE token_hash = ? AND expires_at > ?",
    )
    .bind(token_hash.to_owned())
    .bind(now.as_millis())
    .fetch_optional(db.pool())
    .await?;
    row.map(Invite::try_from).transpose()
}

/// Stores an invite.
pub async fn insert_invite(tx: &mut Tx<'_>, invite: &NewInvite<'_>, now: Timestamp) -> Result<()> {
    sqlx::query(
        "INSERT INTO invites (household_id, token_hash, email, role, invited_by, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(invite.household.0)
    .bind(invite.token_hash.to_owned())
    .bind(invite.email.to_owned())
    .bind(invite.role.as_str())
    .bind(invite.invited_by.0)
    .bind(now.as_millis())
    .bind(invite.expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses an invite up. `false`: somebody was faster, or it was withdrawn.
pub async fn delete_invite(tx: &mut Tx<'_>, household: HouseholdId, id: i64) -> Result<bool> {
    let deleted = sqlx::query("DELETE FROM invites WHERE id = ? AND household_id = ?")
        .bind(id)
        .bind(household.0)
        .execute(&mut **tx)
        .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Makes room for a new one: those to the same address, and those nobody can accept any more.
pub async fn delete_stale_invites(tx: &mut Tx<'_>, household: HouseholdId, email: &str, now: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM invites WHERE household_id = ? AND (email = ? OR expires_at <= ?)")
        .bind(household.0)
        .bind(email.to_owned())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How many wait.
pub async fn count_invites(tx: &mut Tx<'_>, household: HouseholdId) -> Result<i64> {
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM invites WHERE household_id = ?")
        .bind(household.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(count)
}

/// Forgets that anybody asked the owner of this address in.
pub async fn delete_invites_to(tx: &mut Tx<'_>, email: &str) -> Result<()> {
    sqlx::query("DELETE FROM invites WHERE email = ?")
        .bind(email.to_owned())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
