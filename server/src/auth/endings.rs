//! How sessions end before their time: signed out, ended from another browser, or betrayed by an old token.

use axum::http::HeaderMap;

use super::audit::{self, Action};
use super::gate::Auth;
use super::{Asker, SessionId, device_words};
use crate::db::push_subscriptions::delete_push_subscriptions_of;
use crate::db::sessions::{self, Session};
use crate::db::{Tx, UserId, users};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};
use crate::outbox::{self, Post};

impl Auth {
    /// Ends the session whose cookies came with a request, if there is one.
    pub async fn sign_out(&self, asker: &Asker, headers: &HeaderMap) -> Result<()> {
        let Some(session) = self.session_named_in(headers) else {
            return Ok(());
        };
        let inner = self.inner();
        let mut tx = inner.db.begin_write().await?;
        if let Some(user) = delete_session(&mut tx, session.0).await? {
            audit::record(&mut tx, Some(user), Action::SignedOut, asker, None, inner.clock.now()).await?;
        }
        tx.commit().await?;
        self.announce_end(session);
        Ok(())
    }

    /// Ends one session of a person, from another one.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not one of theirs.
    pub async fn end_session(&self, asker: &Asker, user: UserId, session: SessionId) -> Result<()> {
        let inner = self.inner();
        let mut tx = inner.db.begin_write().await?;
        if delete_session(&mut tx, session.0).await? != Some(user) {
            return Err(Error::NotFound);
        }
        audit::record(
            &mut tx,
            Some(user),
            Action::SessionEnded,
            asker,
            None,
            inner.clock.now(),
        )
        .await?;
        tx.commit().await?;
        self.announce_end(session);
        Ok(())
    }

    /// Ends all sessions of a person but the asking one, and returns how many those were.
    pub async fn end_other_sessions(&self, asker: &Asker, user: UserId) -> Result<usize> {
        let inner = self.inner();
        let mut tx = inner.db.begin_write().await?;
        let ended = end_sessions_of(&mut tx, user, asker.session).await?;
        audit::record(
            &mut tx,
            Some(user),
            Action::SessionsEnded,
            asker,
            None,
            inner.clock.now(),
        )
        .await?;
        tx.commit().await?;
        self.announce_ends(&ended);
        Ok(ended.len())
    }

    /// An old token came back: one of two holders is a thief. Nobody goes on with the session, and its owner is told.
    pub(super) async fn revoke(&self, asker: &Asker, session: &Session) -> Result<()> {
        tracing::warn!(user = session.user.0, "an old refresh token came back: session revoked");
        let inner = self.inner();
        let mut tx = inner.db.begin_write().await?;
        // Of two who bring the token at the same time, one finds the session and tells.
        if delete_session(&mut tx, session.id).await?.is_some() {
            let now = inner.clock.now();
            audit::record(&mut tx, Some(session.user), Action::SessionReused, asker, None, now).await?;
            if let Some(user) = users::find_user(&inner.db, session.user).await? {
                let language = Language::of(user.locale.as_deref());
                let device = device_words(&session.user_agent);
                let mail = Mail::SessionReuse {
                    device: device.as_deref().unwrap_or(language.unknown_device()),
                    password_url: &inner.public_url.join("/settings/account"),
                };
                let key = format!("session-reuse:{}", session.id);
                let post = Post {
                    mail,
                    to: &user.email,
                    language,
                    key: &key,
                };
                outbox::enqueue(&mut tx, inner.db.dialect(), &post, now).await?;
            }
        }
        tx.commit().await?;
        inner.outbox.wake();
        self.announce_end(SessionId(session.id));
        Ok(())
    }

    /// Tells sockets, after the commit, that these sessions have ended.
    pub(crate) fn announce_ends(&self, sessions: &[SessionId]) {
        for session in sessions {
            self.announce_end(*session);
        }
    }
}

/// Ends all sessions of a person but one, in the transaction that makes it necessary. After the commit, pass them to
/// [`Auth::announce_ends`].
pub(crate) async fn end_sessions_of(
    tx: &mut Tx<'_>,
    user: UserId,
    except: Option<SessionId>,
) -> Result<Vec<SessionId>> {
    let ended = sessions::delete_sessions_of(tx, user, except.map(|session| session.0)).await?;
    delete_push_subscriptions_of(tx, &ended).await?;
    Ok(ended.into_iter().map(SessionId).collect())
}

/// Ends a session and tells whose it was. A browser that is signed out is told nothing any more; one whose session has
/// merely run out is, for an alert must reach whoever has not looked for a month.
async fn delete_session(tx: &mut Tx<'_>, session: i64) -> Result<Option<UserId>> {
    delete_push_subscriptions_of(tx, &[session]).await?;
    sessions::delete_session(tx, session).await
}
