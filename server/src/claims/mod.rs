//! A device comes home: whoever holds its sticker makes it theirs, once.
//!
//! The decision is one statement in the store ([`crate::db::devices::update_claimed`]): of many who try at once exactly
//! one succeeds, and the code is burnt by it. "No such device", "not for sale" and "taken already" are one answer, so
//! that nobody learns which serials exist.

mod limits;

use domain::serial::{ClaimCode, Serial};
use domain::time::Timestamp;

pub use limits::ClaimLimits;

use crate::auth::RetryAfter;
use crate::db::devices::{Device, NewPlace, find_device, update_claimed};
use crate::db::households::{Role, find_household_to_fill, insert_household, insert_membership};
use crate::db::{Db, HouseholdId, Tx, UserId};
use crate::error::{Error, Result};
use crate::products::{DEFAULT_HOUSEHOLD, DEFAULT_ZONE, sha256_hex};
use crate::rooms::{check_name, check_room, check_zone};

/// What a person types or scans, and how the device is to be called.
#[derive(Clone, Debug, Default)]
pub struct Claim<'a> {
    /// As typed.
    pub serial: &'a str,
    /// As typed.
    pub code: &'a str,
    /// `None`: its serial, until somebody names it.
    pub name: Option<&'a str>,
    /// The room or floor it is shown under.
    pub room: Option<&'a str>,
    /// IANA time zone of its days; `None`: the household's.
    pub zone: Option<&'a str>,
}

/// Why somebody does not get a device.
#[derive(Debug)]
pub enum ClaimError {
    /// No such device, not for sale, taken already, or the wrong code: nobody is told which.
    Refused,
    /// Too many wrong codes.
    Limited(RetryAfter),
    /// The store could not be asked, or a name cannot be used.
    Failed(Error),
}

impl From<Error> for ClaimError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Gives the device to this person's household, which is made if there is none.
///
/// # Errors
/// See [`ClaimError`].
pub async fn claim(
    db: &Db,
    limits: &ClaimLimits,
    person: UserId,
    claim: &Claim<'_>,
    now: Timestamp,
) -> Result<Device, ClaimError> {
    let admitted = limits.admit(person, claim.serial, now).await;
    admitted.map_err(ClaimError::Limited)?;
    let name = claim.name.map(check_name).transpose()?;
    let room = check_room(claim.room.unwrap_or_default())?;
    let zone = claim.zone.map(check_zone).transpose()?;
    let refused = async || {
        limits.failed(person, claim.serial, now).await;
        ClaimError::Refused
    };
    let (Ok(serial), Ok(code)) = (
        claim.serial.trim().parse::<Serial>(),
        claim.code.trim().parse::<ClaimCode>(),
    ) else {
        return Err(refused().await);
    };
    let mut tx = db.begin_write().await?;
    let (household, usual_zone) = household_to_fill(&mut tx, person, zone, now).await?;
    let place = NewPlace {
        household,
        name: name.unwrap_or(serial.as_str()),
        room,
        zone: zone.unwrap_or(&usual_zone),
    };
    if !update_claimed(&mut tx, serial, sha256_hex(code.as_str()), &place, now).await? {
        // Nothing of it stays, not even a household that was made for it.
        tx.rollback().await.map_err(Error::from)?;
        return Err(refused().await);
    }
    tx.commit().await.map_err(Error::from)?;
    Ok(find_device(db, serial).await?.ok_or(Error::NotFound)?)
}

async fn household_to_fill(
    tx: &mut Tx<'_>,
    person: UserId,
    zone: Option<&str>,
    now: Timestamp,
) -> Result<(HouseholdId, String)> {
    if let Some(found) = find_household_to_fill(tx, person).await? {
        return Ok(found);
    }
    let zone = zone.unwrap_or(DEFAULT_ZONE);
    let household = insert_household(tx, DEFAULT_HOUSEHOLD, zone, false, now).await?;
    insert_membership(tx, household, person, Role::Owner).await?;
    Ok((household, zone.to_owned()))
}
