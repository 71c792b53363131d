//! The authenticator app: enrolled with a secret that both sides know, confirmed by a code, asked for ever after.
//!
//! RFC 6238 with what every app understands: SHA-1, six digits, thirty seconds. One step to either side is accepted for
//! clocks that differ, and no code twice.

use domain::time::Timestamp;
use totp_rs::{Builder, Secret, Totp};

use super::second_step::limit_key;
use super::{Change, WayError, Ways};
use crate::auth::steps::Ticket;
use crate::auth::{Asker, Person};
use crate::db::UserId;
use crate::db::recovery_codes::delete_recovery_codes;
use crate::db::totps::{StoredTotp, delete_totp, find_totp, insert_totp, update_totp_confirmed, update_totp_step};
use crate::error::{Error, Result};
use crate::qr;

const ISSUER: &str = "TempLog";
/// 160 bits, as RFC 4226 advises.
const SECRET_BYTES: usize = 20;

/// What an app must be told to be enrolled.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret as people type it: base32 in groups of four.
    pub secret: String,
    /// The same as apps read it.
    pub uri: String,
    /// Modules on a side of the QR code.
    pub qr_size: i32,
    /// The QR code's dark modules, as an SVG path.
    pub qr_path: String,
}

impl Ways {
    /// Begins to enrol an app; nothing is asked for yet.
    pub async fn enrol_totp(&self, person: &Person) -> Result<()> {
        let secret: [u8; SECRET_BYTES] = rand::random();
        let text = Secret::from(secret).to_base32();
        let sealed = self.0.seal.seal(&label(person.id), &text);
        insert_totp(&self.0.db, person.id, &sealed, self.now()).await
    }

    /// What the app must be told, as long as it is not in force.
    pub async fn totp_enrolment(&self, user: UserId, email: &str) -> Result<Option<Enrolment>> {
        let stored = find_totp(&self.0.db, user).await?;
        let Some(stored) = stored.filter(|stored| stored.confirmed_at.is_none()) else {
            return Ok(None);
        };
        let totp = self.open_totp(user, &stored, email)?;
        let uri = totp.to_url().map_err(|_| corrupt())?;
        let secret = self.open_secret(user, &stored)?;
        let (qr_size, qr_path) = qr::draw(&uri)?;
        Ok(Some(Enrolment {
            secret: in_fours(&secret),
            uri,
            qr_size,
            qr_path,
        }))
    }

    /// Puts the app in force once it has shown the right code, and hands out recovery codes.
    ///
    /// # Errors
    /// [`WayError::Code`] if it is not the code.
    pub async fn confirm_totp(&self, person: &Person, code: &str, asker: &Asker) -> Result<Ticket, WayError> {
        let key = limit_key(person.id);
        let counted = self.0.codes.attempt(asker.ip, &key, self.now()).await;
        counted.map_err(WayError::Limited)?;
        if !self.accept_code(person.id, code).await? {
            return Err(WayError::Code);
        }
        self.0.codes.succeeded(asker.ip, &key).await;
        let mut tx = self.0.db.begin_write().await?;
        if !update_totp_confirmed(&mut tx, person.id, self.now()).await? {
            return Err(WayError::Gone);
        }
        let codes = self.renew_recovery_codes(&mut tx, person.id).await?;
        self.note_change(&mut tx, person.id, Change::AppAdded, asker).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(self.show_once(person.id, &codes).await?)
    }

    /// The app is asked for no more; its recovery codes go with it.
    ///
    /// # Errors
    /// [`WayError::Gone`] if there is none.
    pub async fn disable_totp(&self, person: &Person, asker: &Asker) -> Result<(), WayError> {
        let mut tx = self.0.db.begin_write().await?;
        if !delete_totp(&mut tx, person.id).await? {
            return Err(WayError::Gone);
        }
        delete_recovery_codes(&mut tx, person.id).await?;
        self.note_change(&mut tx, person.id, Change::AppRemoved, asker).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(())
    }

    /// Whether it is the code of now, or of a step before or after, and was never accepted before.
    pub(super) async fn accept_code(&self, user: UserId, code: &str) -> Result<bool> {
        let Some(stored) = find_totp(&self.0.db, user).await? else {
            return Ok(false);
        };
        let totp = self.open_totp(user, &stored, "")?;
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        match totp.check(&digits, seconds(self.now())) {
            Some(step) => update_totp_step(&self.0.db, user, i64::try_from(step).unwrap_or(i64::MAX)).await,
            None => Ok(false),
        }
    }

    fn open_secret(&self, user: UserId, stored: &StoredTotp) -> Result<String> {
        self.0.seal.open(&label(user), &stored.secret).ok_or_else(corrupt)
    }

    fn open_totp(&self, user: UserId, stored: &StoredTotp, email: &str) -> Result<Totp> {
        let secret = self.open_secret(user, stored)?;
        let secret = Secret::try_from_base32(&secret).map_err(|_| corrupt())?;
        let totp = Builder::new()
            .with_secret(secret)
            .with_skew(1)
            .with_account_name(email.replace(':', ""))
            .with_issuer(Some(ISSUER));
        Ok(totp.build_noncompliant())
    }
}

/// A secret sealed for one person is worth nothing in another's row.
fn label(user: UserId) -> String {
    format!("totps.secret {}", user.0)
}

/// Sealed by another key than the server has now, most likely.
fn corrupt() -> Error {
    Error::Corrupt {
        what: "totps.secret",
        detail: "it cannot be opened with TEMPLOG_SECRET_KEY".to_owned(),
    }
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.as_millis() / 1000).unwrap_or(0)
}

fn in_fours(secret: &str) -> String {
    let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_in_groups() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
