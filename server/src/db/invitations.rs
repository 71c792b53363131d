//! Table `invitations`: who has been asked into a household and has not answered yet.

use domain::time::Timestamp;

use super::households::Role;
use super::{Db, HouseholdId, Tx};
use crate::error::{Error, Result};

/// An open invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Row number.
    pub id: i64,
    /// Into which household.
    pub household: HouseholdId,
    /// Where the letter went.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Worth nothing afterwards.
    pub expires_at: Timestamp,
}

type Row = (i64, i64, String, String, i64);

fn invitation((id, household, email, role, expires_at): Row) -> Result<Invitation> {
    let role = Role::parse(&role).ok_or_else(|| Error::Corrupt {
        what: "invitations.role",
        detail: role,
    })?;
    Ok(Invitation {
        id,
        household: HouseholdId(household),
        email,
        role,
        expires_at: Timestamp::from_millis(expires_at),
    })
}

/// The invitation whose link holds the token with this hash, if it has not run out.
pub async fn find_invitation(db: &Db, token_hash: &str, now: Timestamp) -> Result<Option<Invitation>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, household_id, email, role, expires_at FROM invitations WHERE token_hash = ? AND expires_at > ?",
    )
    .bind(token_hash.to_owned())
    .bind(now.as_millis())
    .fetch_optional(db.pool())
    .await?;
    row.map(invitation).transpose()
}

/// The open invitations of a household.
pub async fn list_invitations(db: &Db, household: HouseholdId, now: Timestamp) -> Result<Vec<Invitation>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, household_id, email, role, expires_at FROM invitations \
         WHERE household_id = ? AND expires_at > ? ORDER BY id",
    )
    .bind(household.0)
    .bind(now.as_millis())
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(invitation).collect()
}

/// Stores an invitation in place of an earlier one to the same address.
pub async fn insert_invitation(
    tx: &mut Tx<'_>,
    household: HouseholdId,
    email: &str,
    role: Role,
    token_hash: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<()> {
    sqlx::query("DELETE FROM invitations WHERE household_id = ? AND email = ?")
        .bind(household.0)
        .bind(email.to_owned())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO invitations (household_id, email, role, token_hash, created_at, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(household.0)
    .bind(email.to_owned())
    .bind(role.as_str())
    .bind(token_hash.to_owned())
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses an invitation up. `false`: somebody else has been faster, or it was taken back.
pub async fn delete_invitation(tx: &mut Tx<'_>, household: HouseholdId, id: i64) -> Result<bool> {
    let done = sqlx::query("DELETE FROM invitations WHERE household_id = ? AND id = ?")
        .bind(household.0)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}
