//! The one door of identity: signs people in and out, and tells who made a request.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use tokio::sync::broadcast;

use super::cookies::{Cookies, Tokens};
use super::jwt::{Access, AccessTokens};
use super::limits::{RetryAfter, SignInLimits};
use super::refresh::{RefreshToken, RefreshTokens};
use super::sessions::{self, Renewal};
use super::tokens::TokenLedger;
use super::{Identity, OperatorToken, Passwords, Person, PersonalToken, SessionId, Via};
use crate::clock::Clock;
use crate::config::{Config, SecretKey};
use crate::db::{Db, UserId, sessions as session_rows, users};
use crate::error::{Error, Result};

/// Longest address that mail knows (RFC 5321); longer ones are nobody's.
const MAX_EMAIL_CHARS: usize = 254;

/// How many ended sessions a listener may fall behind before it must look for itself.
const ENDED_BACKLOG: usize = 256;

/// Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    cookies: Cookies,
    access: AccessTokens,
    refresh: RefreshTokens,
    passwords: Passwords,
    limits: SignInLimits,
    ledger: TokenLedger,
    operator: Option<OperatorToken>,
    /// Tells sockets which sessions have ended.
    ended: broadcast::Sender<SessionId>,
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

/// What is known about a request.
pub struct Resolved {
    /// Who made it, if anybody proved anything.
    pub identity: Option<Identity>,
    /// What the browser must be told about its cookies.
    pub cookies: CookieChange,
}

/// See [`Resolved`].
pub enum CookieChange {
    /// Nothing.
    Keep,
    /// The session goes on with these.
    Renew(Tokens),
    /// The session is over: forget it.
    Clear,
}

impl Resolved {
    const STRANGER: Self = Self {
        identity: None,
        cookies: CookieChange::Keep,
    };
    const ENDED: Self = Self {
        identity: None,
        cookies: CookieChange::Clear,
    };
}

impl Auth {
    /// Signs with keys derived from `key`; cookies follow the public address.
    pub fn new(config: &Config, key: &SecretKey, db: Db, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            cookies: Cookies::new(config.public_url.is_https()),
            access: AccessTokens::new(key),
            refresh: RefreshTokens::new(key),
            passwords: Passwords::new(),
            limits: SignInLimits::default(),
            ledger: TokenLedger::default(),
            operator: config.operator_token.as_ref().map(OperatorToken::new),
            ended: broadcast::Sender::new(ENDED_BACKLOG),
        }))
    }

    /// How the session cookies of this site look.
    pub fn cookies(&self) -> Cookies {
        self.0.cookies
    }

    /// Hears of every session that ends before its time.
    pub fn ended_sessions(&self) -> broadcast::Receiver<SessionId> {
        self.0.ended.subscribe()
    }

    /// Checks an address and a password and opens a session. `from` pays for the attempt.
    ///
    /// # Errors
    /// See [`SignInError`]; an unknown account looks and lasts like a wrong password.
    pub async fn sign_in(
        &self,
        from: IpAddr,
        headers: &HeaderMap,
        email: &str,
        password: String,
    ) -> Result<Tokens, SignInError> {
        let inner = &self.0;
        let account = email.trim().to_lowercase();
        let account = if account.chars().count() > MAX_EMAIL_CHARS {
            String::new()
        } else {
            account
        };
        let now = inner.clock.now();
        inner
            .limits
            .attempt(from, &account, now)
            .map_err(SignInError::Limited)?;

        let user = users::find_user_by_email(&inner.db, &account)
            .await
            .map_err(SignInError::Failed)?;
        let user = user.filter(|user| user.verified_at.is_some());
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let is_right = inner.passwords.verify(password, stored).await;
        let user = user.filter(|_| is_right).ok_or(SignInError::Credentials)?;

        inner.limits.succeeded(from, &account);
        self.open(user.id, headers).await.map_err(SignInError::Failed)
    }

    /// Ends whatever session the browser held before, so that nobody can plant one on it.
    async fn open(&self, user: UserId, headers: &HeaderMap) -> Result<Tokens> {
        self.sign_out(headers).await?;
        let inner = &self.0;
        let user_agent = headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let refresh = sessions::open(&inner.db, &inner.refresh, user, user_agent, inner.clock.now()).await?;
        Ok(self.tokens(user, refresh))
    }

    /// Ends the session whose cookies came with a request, if there is one.
    pub async fn sign_out(&self, headers: &HeaderMap) -> Result<()> {
        let inner = &self.0;
        let access = inner.cookies.access(headers);
        let access = access.and_then(|token| inner.access.check(&token, inner.clock.now()));
        let refresh = inner
            .cookies
            .refresh(headers)
            .and_then(|text| inner.refresh.parse(&text));
        let named = access
            .map(|access| access.session)
            .or(refresh.map(|token| token.session()));
        if let Some(session) = named {
            session_rows::delete_session(&inner.db, session.0).await?;
            self.announce_end(session);
        }
        Ok(())
    }

    /// Tells who made a request. A bearer token, even a wrong one, leaves cookies out of account.
    pub async fn resolve(&self, headers: &HeaderMap) -> Result<Resolved> {
        if let Some(authorization) = headers.get(AUTHORIZATION) {
            let bearer = authorization.to_str().ok().and_then(bearer_value);
            let identity = match bearer {
                Some(bearer) => self.resolve_bearer(bearer).await?,
                None => None,
            };
            return Ok(Resolved {
                identity,
                cookies: CookieChange::Keep,
            });
        }
        self.resolve_cookies(headers).await
    }

    async fn resolve_bearer(&self, bearer: &str) -> Result<Option<Identity>> {
        let inner = &self.0;
        if inner.operator.as_ref().is_some_and(|operator| operator.matches(bearer)) {
            return Ok(Some(Identity::Shop));
        }
        let Some(token) = PersonalToken::parse(bearer) else {
            return Ok(None);
        };
        match inner.ledger.find_owner(&inner.db, &token, inner.clock.now()).await? {
            Some((id, user)) => self.person(user, Via::Token(id)).await,
            None => Ok(None),
        }
    }

    async fn resolve_cookies(&self, headers: &HeaderMap) -> Result<Resolved> {
        let inner = &self.0;
        let now = inner.clock.now();
        let access = inner.cookies.access(headers);
        if let Some(access) = access.and_then(|token| inner.access.check(&token, now)) {
            let owner = sessions::find_owner(&inner.db, access.session, now).await?;
            if owner != Some(access.user) {
                return Ok(Resolved::ENDED);
            }
            let identity = self.person(access.user, Via::Session(access.session)).await?;
            return Ok(Resolved {
                identity,
                cookies: CookieChange::Keep,
            });
        }
        match inner.cookies.refresh(headers) {
            Some(text) => self.resolve_refresh(&text).await,
            None => Ok(Resolved::STRANGER),
        }
    }

    async fn resolve_refresh(&self, text: &str) -> Result<Resolved> {
        let inner = &self.0;
        let Some(token) = inner.refresh.parse(text) else {
            return Ok(Resolved::ENDED);
        };
        match sessions::renew(&inner.db, &inner.refresh, &token, inner.clock.now()).await? {
            Renewal::Renewed(user, next) => {
                let identity = self.person(user, Via::Session(next.session())).await?;
                let cookies = CookieChange::Renew(self.tokens(user, next));
                Ok(Resolved { identity, cookies })
            }
            Renewal::Gone => Ok(Resolved::ENDED),
            Renewal::Revoked => {
                self.announce_end(token.session());
                Ok(Resolved::ENDED)
            }
        }
    }

    /// Whether what this person showed still holds.
    pub async fn still_holds(&self, person: &Person) -> Result<bool> {
        let inner = &self.0;
        match person.via {
            Via::Session(session) => {
                let owner = sessions::find_owner(&inner.db, session, inner.clock.now()).await?;
                Ok(owner == Some(person.id))
            }
            Via::Token(_) => Ok(users::find_user(&inner.db, person.id).await?.is_some()),
        }
    }

    async fn person(&self, id: UserId, via: Via) -> Result<Option<Identity>> {
        let user = users::find_user(&self.0.db, id).await?;
        Ok(user.map(|user| {
            let users::User {
                id,
                email,
                locale,
                operator,
                ..
            } = user;
            Identity::Person(Person {
                id,
                email,
                locale,
                operator,
                via,
            })
        }))
    }

    fn tokens(&self, user: UserId, refresh: RefreshToken) -> Tokens {
        let access = Access {
            user,
            session: refresh.session(),
        };
        Tokens {
            access: self.0.access.sign(access, self.0.clock.now()),
            refresh,
        }
    }

    fn announce_end(&self, session: SessionId) {
        // Nobody listening is not a fault: there may be no open socket at all.
        let _ = self.0.ended.send(session);
    }
}

/// The part after `Bearer `; the scheme's case does not matter (RFC 9110 §11.1).
fn bearer_value(authorization: &str) -> Option<&str> {
    let (scheme, value) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| value.trim())
}
