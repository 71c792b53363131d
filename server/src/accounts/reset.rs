//! A new password in place of a forgotten one, by somebody who reads the account's mail.

use super::codes::Order;
use super::{AccountError, Accounts, Purpose, Ticket, normal_address, strength};
use crate::auth::audit::{self, Action};
use crate::auth::{Asker, end_sessions_of};
use crate::db::users;
use crate::error::{Error, Result};

impl Accounts {
    /// Sends a code to the address if it has an account; the asker cannot tell.
    ///
    /// # Errors
    /// Not an address; too many mails.
    pub async fn ask_to_reset(&self, asker: &Asker, email: &str) -> Result<Ticket, AccountError> {
        let email = normal_address(email)?;
        self.count_mail(asker, &email).await?;
        let user = users::find_user_by_email(&self.0.db, &email).await?;
        let order = Order {
            purpose: Purpose::ResetPassword,
            email: &email,
            user: user.as_ref(),
            password_hash: None,
        };
        let mut tx = self.0.db.begin_write().await?;
        let ticket = self.send_code(&mut tx, asker, &order).await?;
        let whose = user.as_ref().map(|user| user.id);
        let now = self.0.clock.now();
        audit::record(&mut tx, whose, Action::PasswordForgotten, asker, None, now).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(ticket)
    }

    /// The code came back: replaces the password and ends every session. Its owner signs in anew, with whatever else
    /// that takes.
    ///
    /// # Errors
    /// The password may not be chosen (then the code stays good); a wrong code, or none that waits.
    pub async fn reset_password(
        &self,
        asker: &Asker,
        ticket: Option<&Ticket>,
        code: &str,
        new: String,
    ) -> Result<(), AccountError> {
        let inner = &self.0;
        let email = self.awaited(Purpose::ResetPassword, ticket).await?;
        let email = email.ok_or(AccountError::NoCode)?;
        let (new, _) = strength::judge(new, &email).await.map_err(AccountError::Password)?;
        let hash = self.hash(new).await?;
        let (mut tx, proven) = self.redeem(asker, Purpose::ResetPassword, ticket, code).await?;
        let user = match proven.user {
            Some(user) => users::find_user(&inner.db, user).await?,
            None => None,
        };
        let user = user.ok_or(AccountError::NoCode)?;
        self.replace_password(&mut tx, asker, &user, &hash, Action::PasswordReset)
            .await?;
        let ended = end_sessions_of(&mut tx, user.id, None).await?;
        tx.commit().await.map_err(Error::from)?;
        inner.outbox.wake();
        inner.auth.announce_ends(&ended);
        Ok(())
    }
}
