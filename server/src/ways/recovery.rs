//! Recovery codes: ten, shown once, each opens once. For who has lost the authenticator app.

use domain::serial::MailCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Change, WayError, Ways};
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, Person};
use crate::db::recovery_codes::{replace_recovery_codes, update_recovery_code_used};
use crate::db::totps::find_totp;
use crate::db::{Tx, UserId};
use crate::error::{Error, Result};

const HOW_MANY: usize = 10;

/// Sealed, for the one page that shows them.
#[derive(Serialize, Deserialize)]
struct Shown {
    sealed: String,
}

impl Ways {
    /// Ten new codes; the old ones open nothing any more.
    ///
    /// # Errors
    /// [`WayError::Gone`] if there is no app to recover from.
    pub async fn renew_codes(&self, person: &Person, asker: &Asker) -> Result<Ticket, WayError> {
        let totp = find_totp(&self.0.db, person.id).await?;
        if totp.is_none_or(|totp| totp.confirmed_at.is_none()) {
            return Err(WayError::Gone);
        }
        let mut tx = self.0.db.begin_write().await?;
        let codes = self.renew_recovery_codes(&mut tx, person.id).await?;
        self.note_change(&mut tx, person.id, Change::RecoveryCodesRenewed, asker)
            .await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(self.show_once(person.id, &codes).await?)
    }

    pub(super) async fn renew_recovery_codes(&self, tx: &mut Tx<'_>, user: UserId) -> Result<Vec<String>> {
        let codes: Vec<String> = (0..HOW_MANY).map(|_| generate()).collect();
        let hashes: Vec<String> = codes.iter().filter_map(|code| hash(user, code)).collect();
        replace_recovery_codes(tx, user, &hashes).await?;
        Ok(codes)
    }

    /// Keeps codes, sealed, until the next page has shown them.
    pub(super) async fn show_once(&self, user: UserId, codes: &[String]) -> Result<Ticket> {
        let shown = Shown {
            sealed: self.0.seal.seal(&label(user), &codes.join(" ")),
        };
        steps::begin(&self.0.db, Kind::RecoveryCodes, Some(user), &shown, self.now()).await
    }

    /// The codes to show; a second time there are none.
    pub async fn take_recovery_codes(&self, ticket: &Ticket, user: UserId) -> Result<Option<Vec<String>>> {
        let begun: Option<Begun<Shown>> = steps::find(&self.0.db, Kind::RecoveryCodes, ticket, self.now()).await?;
        let Some(begun) = begun.filter(|begun| begun.user == Some(user)) else {
            return Ok(None);
        };
        if !steps::finish(&self.0.db, ticket).await? {
            return Ok(None);
        }
        let codes = self.0.seal.open(&label(user), &begun.data.sealed);
        Ok(codes.map(|codes| codes.split(' ').map(str::to_owned).collect()))
    }

    /// Whether it is one of the codes that are left; it is used up.
    pub(super) async fn accept_recovery_code(&self, user: UserId, typed: &str, asker: &Asker) -> Result<bool> {
        let Some(hash) = hash(user, typed) else {
            return Ok(false);
        };
        let mut tx = self.0.db.begin_write().await?;
        if !update_recovery_code_used(&mut tx, user, &hash, self.now()).await? {
            return Ok(false);
        }
        self.note_change(&mut tx, user, Change::RecoveryCodeUsed, asker).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(true)
    }
}

fn label(user: UserId) -> String {
    format!("recovery codes {}", user.0)
}

/// 80 bits: sixteen base32 digits, `XXXX-XXXX-XXXX-XXXX`.
fn generate() -> String {
    let half = || MailCode::from_bits(rand::random());
    format!("{}-{}", half(), half())
}

/// What is kept: with 80 random bits a slow hash would protect no better. `None` if it cannot be a code.
fn hash(user: UserId, typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let (first, second) = digits.split_at_checked(8)?;
    let (first, second) = (first.parse::<MailCode>().ok()?, second.parse::<MailCode>().ok()?);
    let text = format!("recovery code {} {}{}", user.0, first.as_str(), second.as_str());
    Some(format!("{:x}", Sha256::digest(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_people_type_it_and_opens_one_account_only() {
        let code = generate();
        assert_eq!(code.len(), 19);
        let whole = hash(UserId(1), &code);
        assert!(whole.is_some());
        for typed in [code.to_lowercase(), code.replace('-', " "), code.replace('-', "")] {
            assert_eq!(hash(UserId(1), &typed), whole, "{typed}");
        }
        assert_ne!(hash(UserId(2), &code), whole);
        for text in ["", "123456", "7K3F-9Q2M", &format!("{code}0"), "é é é"] {
            assert_eq!(hash(UserId(1), text), None, "{text}");
        }
    }
}
