//! Another mail address: proven by a code sent there, and told to both.

use super::codes::Order;
use super::{AccountError, Accounts, Purpose, Ticket, normal_address};
use crate::auth::audit::{self, Action};
use crate::auth::{Asker, Person};
use crate::db::{codes, users};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};
use crate::outbox::{self, Post};

impl Accounts {
    /// Sends a code to the new address, or, if it has an account, tells its owner; the asker cannot tell which.
    ///
    /// # Errors
    /// Not another address; a wrong password; too many mails.
    pub async fn ask_to_change_address(
        &self,
        asker: &Asker,
        person: &Person,
        new: &str,
        password: String,
    ) -> Result<Ticket, AccountError> {
        let inner = &self.0;
        let new = normal_address(new)?;
        if new == person.email {
            return Err(AccountError::SameAddress);
        }
        inner.auth.confirm_password(asker, person, password).await?;
        self.count_mail(asker, &new).await?;
        let user = users::find_user(&inner.db, person.id).await?;
        let order = Order {
            purpose: Purpose::ChangeAddress,
            email: &new,
            user: user.as_ref(),
            password_hash: None,
        };
        let mut tx = inner.db.begin_write().await?;
        let ticket = self.send_code(&mut tx, asker, &order).await?;
        let now = inner.clock.now();
        audit::record(
            &mut tx,
            Some(person.id),
            Action::AddressChangeAsked,
            asker,
            Some(&new),
            now,
        )
        .await?;
        tx.commit().await.map_err(Error::from)?;
        inner.outbox.wake();
        Ok(ticket)
    }

    /// The code came back: the account has the new address, and both addresses are told.
    ///
    /// # Errors
    /// A wrong code, or none that waits, or one of somebody else.
    pub async fn change_address(
        &self,
        asker: &Asker,
        person: &Person,
        ticket: Option<&Ticket>,
        code: &str,
    ) -> Result<(), AccountError> {
        let inner = &self.0;
        let (mut tx, proven) = self.redeem(asker, Purpose::ChangeAddress, ticket, code).await?;
        if proven.user != Some(person.id) {
            return Err(AccountError::NoCode);
        }
        let now = inner.clock.now();
        match users::update_email(&mut tx, person.id, &proven.email, now).await {
            // Somebody made an account with it meanwhile.
            Err(Error::Conflict) => return Err(AccountError::NoCode),
            updated => updated?,
        }
        codes::delete_codes_of(&mut tx, person.id).await?;
        let detail = format!("{} → {}", person.email, proven.email);
        audit::record(
            &mut tx,
            Some(person.id),
            Action::AddressChanged,
            asker,
            Some(&detail),
            now,
        )
        .await?;
        let language = Language::of(person.locale.as_deref().or(Some(asker.language.tag())));
        let (device, account_url) = (asker.device(), inner.public_url.join("/settings/account"));
        let cause = rand::random::<u64>();
        for to in [&person.email, &proven.email] {
            let post = Post {
                mail: Mail::AddressChanged {
                    old: &person.email,
                    new: &proven.email,
                    device: device.as_deref().unwrap_or(language.unknown_device()),
                    account_url: &account_url,
                },
                to,
                language,
                key: &format!("address-changed:{cause:016x}:{to}")
                    .chars()
                    .take(190)
                    .collect::<String>(),
            };
            outbox::enqueue(&mut tx, inner.db.dialect(), &post, now).await?;
        }
        tx.commit().await.map_err(Error::from)?;
        inner.outbox.wake();
        Ok(())
    }
}
