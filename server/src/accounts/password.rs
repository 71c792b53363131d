//! Another password, by somebody who knows the present one.

use super::{AccountError, Accounts, Strength, strength};
use crate::auth::audit::{self, Action};
use crate::auth::{Asker, Person, end_sessions_of};
use crate::db::users::{self, User};
use crate::db::{Tx, codes};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};
use crate::outbox::{self, Post};

impl Accounts {
    /// Replaces the password; every other session ends, and the owner is told.
    ///
    /// # Errors
    /// The present password is wrong, or the new one may not be chosen.
    pub async fn change_password(
        &self,
        asker: &Asker,
        person: &Person,
        present: String,
        new: String,
    ) -> Result<Strength, AccountError> {
        let inner = &self.0;
        let (new, strength) = strength::judge(new, &person.email)
            .await
            .map_err(AccountError::Password)?;
        inner.auth.confirm_password(asker, person, present).await?;
        let hash = self.hash(new).await?;
        let user = users::find_user(&inner.db, person.id).await?.ok_or(Error::NotFound)?;
        let mut tx = inner.db.begin_write().await?;
        self.replace_password(&mut tx, asker, &user, &hash, Action::PasswordChanged)
            .await?;
        let ended = end_sessions_of(&mut tx, user.id, asker.session).await?;
        tx.commit().await.map_err(Error::from)?;
        inner.outbox.wake();
        inner.auth.announce_ends(&ended);
        Ok(strength)
    }

    /// What any change of a password does besides ending sessions.
    pub(super) async fn replace_password(
        &self,
        tx: &mut Tx<'_>,
        asker: &Asker,
        user: &User,
        hash: &str,
        action: Action,
    ) -> Result<()> {
        let inner = &self.0;
        let now = inner.clock.now();
        users::update_password_hash(tx, user.id, hash).await?;
        codes::delete_codes_of(tx, user.id).await?;
        audit::record(tx, Some(user.id), action, asker, None, now).await?;
        let language = Language::of(user.locale.as_deref().or(Some(asker.language.tag())));
        let device = asker.device();
        let post = Post {
            mail: Mail::PasswordChanged {
                device: device.as_deref().unwrap_or(language.unknown_device()),
                reset_url: &inner.public_url.join("/forgot-password"),
            },
            to: &user.email,
            language,
            key: &format!("password-changed:{}:{:016x}", user.id.0, rand::random::<u64>()),
        };
        outbox::enqueue(tx, inner.db.dialect(), &post, now).await?;
        Ok(())
    }
}
