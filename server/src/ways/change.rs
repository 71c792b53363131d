//! A change of the ways into an account: written into the audit log, and told to the owner, whoever made it.

use super::Ways;
use crate::auth::Asker;
use crate::auth::audit::{Action, record};
use crate::db::{Tx, UserId, users};
use crate::error::Result;
use crate::mail::{Language, Mail, WayChange};
use crate::outbox::{Post, enqueue};

/// What was changed, in the words of the mail that tells of it.
pub use crate::mail::WayChange as Change;

impl Ways {
    /// Writes a change down and a letter to the owner; both leave with the transaction.
    pub(super) async fn note_change(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        change: WayChange,
        asker: &Asker,
    ) -> Result<()> {
        let now = self.now();
        record(
            tx,
            Some(user),
            Action::SignInWayChanged,
            asker,
            Some(change.as_str()),
            now,
        )
        .await?;
        let Some(owner) = users::find_user_in(tx, user).await? else {
            return Ok(());
        };
        let language = owner
            .locale
            .as_deref()
            .map_or(asker.language, |tag| Language::of(Some(tag)));
        let device = asker.device();
        let key = format!("way:{}:{}:{:016x}", user.0, change.as_str(), rand::random::<u64>());
        let post = Post {
            mail: Mail::SignInWayChanged {
                change,
                device: device.as_deref().unwrap_or(language.unknown_device()),
                settings_url: &self.0.settings_url,
            },
            to: &owner.email,
            language,
            key: &key,
        };
        enqueue(tx, self.0.db.dialect(), &post, now).await?;
        Ok(())
    }

    /// Writes down that an account was made by way of Kakao.
    pub(super) async fn note_sign_up(&self, tx: &mut Tx<'_>, user: UserId, asker: &Asker) -> Result<()> {
        record(tx, Some(user), Action::SignedUp, asker, Some("kakao"), self.now()).await
    }
}
