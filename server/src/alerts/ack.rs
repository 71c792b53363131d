//! Somebody says that they know: reminders end, and the log says who it was.

use domain::time::Timestamp;

use super::AckLinks;
use crate::db::alerts::{Alert, find_alert_of, list_alerts_of_letter, update_acked};
use crate::db::households::find_role;
use crate::db::notices::update_opened;
use crate::db::{AlertId, Db, HouseholdId, UserId};
use crate::error::{Error, Result};

/// Why an acknowledgement was not taken.
#[derive(Debug)]
pub enum AckError {
    /// There is nothing of that kind for this person.
    NotFound,
    /// They may only look.
    Forbidden,
    /// The store could not be asked.
    Failed(Error),
}

impl From<Error> for AckError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What a letter's link shows before and after the button is pressed.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Whose it is.
    pub reader: UserId,
    /// What it tells of.
    pub alerts: Vec<Alert>,
}

/// Acknowledges one alert. A second time changes nothing: who was first stays.
///
/// # Errors
/// See [`AckError`].
pub async fn acknowledge(db: &Db, by: UserId, id: AlertId, now: Timestamp) -> Result<Alert, AckError> {
    let alert = find_alert_of(db, by, id).await?.ok_or(AckError::NotFound)?;
    may_acknowledge(db, alert.household, by).await?;
    let mut tx = db.begin_write().await?;
    update_acked(&mut tx, alert.id, alert.household, by, now).await?;
    tx.commit().await.map_err(Error::from)?;
    find_alert_of(db, by, id).await?.ok_or(AckError::NotFound)
}

/// What the letter of this token tells of, if its reader still belongs to that home.
///
/// # Errors
/// See [`AckError`].
pub async fn find_letter(db: &Db, links: &AckLinks, token: &str) -> Result<Letter, AckError> {
    let letter = links.read(token).ok_or(AckError::NotFound)?;
    let reader = reader_of(letter).ok_or(AckError::NotFound)?;
    let mut tx = db.begin_write().await?;
    let alerts = list_alerts_of_letter(&mut tx, letter).await?;
    tx.rollback().await.map_err(Error::from)?;
    let Some(first) = alerts.first() else {
        return Err(AckError::NotFound);
    };
    may_acknowledge(db, first.household, reader).await?;
    Ok(Letter { reader, alerts })
}

/// Acknowledges everything a letter tells of, in the name of its reader.
///
/// # Errors
/// See [`AckError`].
pub async fn acknowledge_letter(db: &Db, links: &AckLinks, token: &str, now: Timestamp) -> Result<Letter, AckError> {
    let letter = find_letter(db, links, token).await?;
    let mut tx = db.begin_write().await?;
    for alert in &letter.alerts {
        update_acked(&mut tx, alert.id, alert.household, letter.reader, now).await?;
    }
    tx.commit().await.map_err(Error::from)?;
    note_opened(db, links, token, now).await?;
    find_letter(db, links, token).await
}

/// Notes that the reader of a letter has followed it. A token that is none of ours is nobody's letter.
///
/// # Errors
/// The store cannot be asked.
pub async fn note_opened(db: &Db, links: &AckLinks, token: &str, now: Timestamp) -> Result<()> {
    match links.read(token) {
        Some(letter) => update_opened(db, letter, now).await,
        None => Ok(()),
    }
}

async fn may_acknowledge(db: &Db, household: HouseholdId, person: UserId) -> Result<(), AckError> {
    match find_role(db, household, person).await? {
        Some(role) if role.may_change() => Ok(()),
        Some(_) => Err(AckError::Forbidden),
        None => Err(AckError::NotFound),
    }
}

/// A letter's key names its reader: `alert-{household}-{reader}-…`.
fn reader_of(letter: &str) -> Option<UserId> {
    letter.split('-').nth(2)?.parse().ok().map(UserId)
}
