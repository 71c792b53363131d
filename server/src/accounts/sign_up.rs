//! A stranger becomes somebody: an address, a password, and the code that proves the address.
//!
//! Nothing is an account before the code has come back, so nobody can hold an address that is not theirs.

use super::codes::Order;
use super::{AccountError, Accounts, Purpose, Strength, Ticket, normal_address, strength};
use crate::auth::audit::{self, Action};
use crate::auth::{Asker, Tokens, Way};
use crate::db::users;
use crate::error::{Error, Result};

impl Accounts {
    /// Sends a code to the address, or, if it has an account already, tells its owner; the asker cannot tell which.
    ///
    /// # Errors
    /// What is wrong with the address or the password; too many mails.
    pub async fn ask_to_sign_up(
        &self,
        asker: &Asker,
        email: &str,
        password: String,
    ) -> Result<(Ticket, Strength), AccountError> {
        let email = normal_address(email)?;
        let (password, strength) = strength::judge(password, &email)
            .await
            .map_err(AccountError::Password)?;
        self.count_mail(asker, &email).await?;
        let hash = self.hash(password).await?;
        let order = Order {
            purpose: Purpose::SignUp,
            email: &email,
            user: None,
            password_hash: Some(&hash),
        };
        let mut tx = self.0.db.begin_write().await?;
        let ticket = self.send_code(&mut tx, asker, &order).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok((ticket, strength))
    }

    /// The code came back: makes the account and signs its owner in.
    ///
    /// # Errors
    /// A wrong code, or none that waits.
    pub async fn sign_up(&self, asker: &Asker, ticket: Option<&Ticket>, code: &str) -> Result<Tokens, AccountError> {
        let (mut tx, proven) = self.redeem(asker, Purpose::SignUp, ticket, code).await?;
        let now = self.0.clock.now();
        let hash = proven.password_hash.as_deref();
        let inserted = users::insert_proven_user(&mut tx, &proven.email, hash, asker.language.tag(), now).await;
        let user = match inserted {
            // Made in another way meanwhile: then this code proves nothing new.
            Err(Error::Conflict) => return Err(AccountError::NoCode),
            inserted => inserted?,
        };
        audit::record(&mut tx, Some(user), Action::SignedUp, asker, None, now).await?;
        let tokens = self.0.auth.open_in(&mut tx, user, Way::MailCode, asker).await?;
        tx.commit().await.map_err(Error::from)?;
        Ok(tokens)
    }

    /// A new password's hash; its length has been judged.
    pub(super) async fn hash(&self, password: String) -> Result<String, AccountError> {
        let hash = self.0.auth.passwords().hash(password).await;
        hash.ok_or(AccountError::Password(super::Weakness::TooLong))
    }
}
