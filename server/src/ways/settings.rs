//! What an owner sees of the ways into their account, and taking one away.

use domain::time::Timestamp;

use super::kakao::PROVIDER;
use super::second_step::limit_key;
use super::{Change, Ways};
use crate::auth::{Asker, Person, RetryAfter, SignInError, Via};
use crate::db::identities::{self, StoredIdentity, delete_identity};
use crate::db::passkeys::list_passkeys_of;
use crate::db::recovery_codes::count_recovery_codes;
use crate::db::totps::find_totp;
use crate::db::{UserId, sessions, users};
use crate::error::{Error, Result};

/// Who signed in so lately need not prove again who they are.
const FRESH_MS: i64 = 10 * 60 * 1000;

/// A Kakao account that opens this one.
#[derive(Clone, Debug)]
pub struct ConnectedKakao {
    /// Row number.
    pub id: i64,
    /// What they call themselves there.
    pub name: String,
    /// When it was connected.
    pub since: Timestamp,
}

/// An authenticator app that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct AuthenticatorApp {
    /// Since when.
    pub since: Timestamp,
    /// Recovery codes that are left.
    pub codes_left: i64,
}

/// A passkey that opens this account.
#[derive(Clone, Debug)]
pub struct MyPasskey {
    /// Row number.
    pub id: i64,
    /// As its owner calls it.
    pub name: String,
    /// When it was added.
    pub since: Timestamp,
    /// When it last opened the account.
    pub used: Option<Timestamp>,
}

/// All ways into an account.
#[derive(Clone, Debug)]
pub struct MyWays {
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether whoever asks has signed in just now.
    pub fresh: bool,
    /// Kakao accounts, the oldest first.
    pub kakao: Vec<ConnectedKakao>,
    /// Passkeys, the oldest first.
    pub passkeys: Vec<MyPasskey>,
    /// The authenticator app, if one is asked for.
    pub app: Option<AuthenticatorApp>,
}

/// Why a way was not changed.
#[derive(Debug)]
pub enum WayError {
    /// Not the account's password.
    Password,
    /// Not the code of the app.
    Code,
    /// There is no password to ask for, and the session is too old: sign in again.
    Stale,
    /// It is the only way in.
    OnlyWay,
    /// There is no such way any more.
    Gone,
    /// Too many wrong passwords.
    Limited(RetryAfter),
    /// The database could not be asked.
    Failed(Error),
}

impl From<Error> for WayError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<SignInError> for WayError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Credentials => Self::Password,
            SignInError::Limited(wait) => Self::Limited(wait),
            SignInError::Failed(error) => Self::Failed(error),
        }
    }
}

impl MyWays {
    /// How many ways lead in.
    pub(super) fn count(&self) -> usize {
        usize::from(self.has_password) + self.kakao.len() + self.passkeys.len()
    }
}

impl Ways {
    /// The ways into somebody's account, as asked in this session.
    pub async fn list(&self, user: UserId, session: Option<i64>) -> Result<MyWays> {
        let account = users::find_user(&self.0.db, user).await?.ok_or(Error::NotFound)?;
        let kakao = identities::list_identities_of(&self.0.db, user, PROVIDER).await?;
        Ok(MyWays {
            has_password: account.password_hash.is_some(),
            fresh: self.is_fresh(user, session).await?,
            kakao: kakao.into_iter().map(ConnectedKakao::from).collect(),
            passkeys: self.passkeys_of(user).await?,
            app: self.app_of(user).await?,
        })
    }

    async fn passkeys_of(&self, user: UserId) -> Result<Vec<MyPasskey>> {
        let passkeys = list_passkeys_of(&self.0.db, user).await?.into_iter();
        let passkeys = passkeys.map(|stored| MyPasskey {
            id: stored.id,
            name: stored.name,
            since: stored.created_at,
            used: stored.last_used_at,
        });
        Ok(passkeys.collect())
    }

    async fn app_of(&self, user: UserId) -> Result<Option<AuthenticatorApp>> {
        let since = find_totp(&self.0.db, user).await?.and_then(|totp| totp.confirmed_at);
        let Some(since) = since else {
            return Ok(None);
        };
        let codes_left = count_recovery_codes(&self.0.db, user).await?;
        Ok(Some(AuthenticatorApp { since, codes_left }))
    }

    /// Whether a session has begun so lately that nobody else can have taken the seat.
    async fn is_fresh(&self, user: UserId, session: Option<i64>) -> Result<bool> {
        let Some(session) = session else {
            return Ok(false);
        };
        let row = sessions::find_session(&self.0.db, session).await?;
        Ok(row.is_some_and(|row| row.user == user && self.now().since(row.created_at) < FRESH_MS))
    }

    /// Makes sure that it is the owner who is about to change a way in.
    ///
    /// # Errors
    /// See [`WayError`].
    pub async fn confirm(&self, person: &Person, password: String, asker: &Asker) -> Result<(), WayError> {
        let session = match person.via {
            Via::Session(session) => Some(session.0),
            Via::Token(_) => None,
        };
        let ways = self.list(person.id, session).await?;
        if ways.fresh {
            return Ok(());
        }
        if !ways.has_password {
            return Err(WayError::Stale);
        }
        let confirmed = self.0.auth.confirm_password(asker, person, password).await;
        confirmed.map_err(WayError::from)
    }

    /// Makes sure that it is the owner before what cannot be undone: the password is asked for however lately somebody
    /// has signed in; where there is none, they must have signed in just now.
    ///
    /// # Errors
    /// See [`WayError`].
    pub async fn confirm_again(&self, person: &Person, password: String, asker: &Asker) -> Result<(), WayError> {
        let account = users::find_user(&self.0.db, person.id).await?.ok_or(Error::NotFound)?;
        if account.password_hash.is_none() {
            return self.confirm(person, password, asker).await;
        }
        let confirmed = self.0.auth.confirm_password(asker, person, password).await;
        confirmed.map_err(WayError::from)
    }

    /// Nothing is kept of an account that is no more.
    pub(crate) async fn forget(&self, user: UserId) {
        self.0.codes.forget(&limit_key(user)).await;
    }

    /// Disconnects a Kakao account; not if nobody could get in any more.
    ///
    /// # Errors
    /// See [`WayError`].
    pub async fn disconnect_kakao(&self, person: &Person, id: i64, asker: &Asker) -> Result<(), WayError> {
        let mut tx = self.0.db.begin_write().await?;
        // Locks the account: two ways taken away at once must not both be the last but one.
        users::lock_user(&mut tx, self.0.db.dialect(), person.id).await?;
        let ways = self.list(person.id, None).await?;
        if !ways.kakao.iter().any(|kakao| kakao.id == id) {
            return Err(WayError::Gone);
        }
        if ways.count() < 2 {
            return Err(WayError::OnlyWay);
        }
        if !delete_identity(&mut tx, person.id, id).await? {
            return Err(WayError::Gone);
        }
        self.note_change(&mut tx, person.id, Change::KakaoRemoved, asker)
            .await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(())
    }
}

impl From<StoredIdentity> for ConnectedKakao {
    fn from(row: StoredIdentity) -> Self {
        Self {
            id: row.id,
            name: row.name,
            since: row.created_at,
        }
    }
}
