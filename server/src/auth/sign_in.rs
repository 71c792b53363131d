//! Signing in by password, and the session that any way of signing in leads to.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::audit::{self, Action};
use super::cookies::Tokens;
use super::gate::Auth;
use super::second_step::{Awaiting, Entry};
use super::{Asker, Person, sessions};
use crate::db::users::{self, User};
use crate::db::{Tx, UserId};
use crate::error::{Error, Result};
use crate::limits::RetryAfter;

/// Longest address that mail knows (RFC 5321); longer ones are nobody's.
const MAX_EMAIL_CHARS: usize = 254;

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By the account's password.
    Password,
    /// By a code sent to the account's address.
    MailCode,
    /// By a Kakao account connected to it.
    Kakao,
    /// By a passkey, which its owner unlocked.
    Passkey,
}

impl Way {
    /// As the audit log has it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::MailCode => "mail-code",
            Self::Kakao => "kakao",
            Self::Passkey => "passkey",
        }
    }

    /// Whether it proves both something one has and something one knows or is.
    pub(super) const fn is_two_proofs(self) -> bool {
        match self {
            Self::Password | Self::MailCode | Self::Kakao => false,
            Self::Passkey => true,
        }
    }
}

/// Why somebody could not sign in.
#[derive(Debug)]
pub enum SignInError {
    /// No such account, or not its password; nobody is told which.
    Credentials,
    /// Too many tries.
    Limited(RetryAfter),
    /// The database could not be asked.
    Failed(Error),
}

impl From<Error> for SignInError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Auth {
    /// Checks an address and a password and opens a session, or asks for the second proof. The asker pays for the
    /// attempt; `next` is where to go once in.
    ///
    /// # Errors
    /// See [`SignInError`]; an unknown account looks and lasts like a wrong password.
    pub async fn sign_in(
        &self,
        asker: &Asker,
        headers: &HeaderMap,
        email: &str,
        password: String,
        next: &str,
    ) -> Result<Entry, SignInError> {
        let account = email.trim().to_lowercase();
        let account = if account.chars().count() > MAX_EMAIL_CHARS {
            String::new()
        } else {
            account
        };
        self.count_attempt(asker, &account).await?;
        let user = users::find_user_by_email(&self.inner().db, &account).await?;
        let user = user.filter(|user| user.verified_at.is_some());
        let user = self.check_password(asker, &account, user, password).await?;
        let awaiting = Awaiting {
            way: Way::Password,
            next: next.to_owned(),
            connect: None,
        };
        Ok(self.enter(user, awaiting, asker, headers).await?)
    }

    /// Whether somebody who is signed in knows their password: asked again before anything that cannot be undone.
    /// Counts as an attempt to sign in.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn confirm_password(&self, asker: &Asker, person: &Person, password: String) -> Result<(), SignInError> {
        self.confirm_password_of(asker, person.id, &person.email, password)
            .await
    }

    /// The same for somebody who is not signed in yet but has said whose password it is.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn confirm_password_of(
        &self,
        asker: &Asker,
        user: UserId,
        email: &str,
        password: String,
    ) -> Result<(), SignInError> {
        self.count_attempt(asker, email).await?;
        let user = users::find_user(&self.inner().db, user).await?;
        self.check_password(asker, email, user, password).await?;
        Ok(())
    }

    /// Counts an attempt to open an account by whatever is not a password.
    ///
    /// # Errors
    /// When to come back.
    pub(crate) async fn count_attempt(&self, asker: &Asker, account: &str) -> Result<(), SignInError> {
        let inner = self.inner();
        let counted = inner.limits.attempt(asker.ip, account, inner.clock.now()).await;
        counted.map_err(SignInError::Limited)
    }

    /// It was right: honest people collect no debt.
    pub(crate) async fn attempt_succeeded(&self, asker: &Asker, account: &str) {
        self.inner().limits.succeeded(asker.ip, account).await;
    }

    /// Nothing is kept of an account that is no more.
    pub(crate) async fn forget(&self, account: &str) {
        self.inner().limits.forget(account).await;
    }

    async fn check_password(
        &self,
        asker: &Asker,
        account: &str,
        user: Option<User>,
        password: String,
    ) -> Result<UserId, SignInError> {
        let inner = self.inner();
        let tried = user.as_ref().map(|user| user.id);
        let stored = user.and_then(|user| user.password_hash);
        if let (true, Some(user)) = (inner.passwords.verify(password, stored).await, tried) {
            inner.limits.succeeded(asker.ip, account).await;
            return Ok(user);
        }
        // Also where there is no such account, so that it takes as long.
        let mut tx = inner.db.begin_write().await?;
        audit::record(&mut tx, tried, Action::SignInFailed, asker, None, inner.clock.now()).await?;
        tx.commit().await.map_err(Error::from)?;
        Err(SignInError::Credentials)
    }

    /// Opens a session for somebody who has given every proof there is to give. Ends whatever session the browser held
    /// before, so that nobody can plant one on it.
    pub(crate) async fn open(&self, user: UserId, way: Way, asker: &Asker, headers: &HeaderMap) -> Result<Tokens> {
        self.sign_out(asker, headers).await?;
        let mut tx = self.inner().db.begin_write().await?;
        let tokens = self.open_in(&mut tx, user, way, asker).await?;
        tx.commit().await?;
        Ok(tokens)
    }

    /// The same as part of a transaction that does more, for a browser without a session.
    pub(crate) async fn open_in(&self, tx: &mut Tx<'_>, user: UserId, way: Way, asker: &Asker) -> Result<Tokens> {
        let inner = self.inner();
        let now = inner.clock.now();
        let refresh = sessions::open(tx, &inner.refresh, user, asker, now).await?;
        let opened = Asker {
            session: Some(refresh.session()),
            ..asker.clone()
        };
        audit::record(tx, Some(user), Action::SignedIn, &opened, Some(way.as_str()), now).await?;
        Ok(self.tokens(user, refresh))
    }
}
