//! The one door of identity: signs people in and out, and tells who made a request.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use tokio::sync::broadcast;

use super::cookies::{Cookies, Tokens};
use super::jwt::{Access, AccessTokens};
use super::limits::SignInLimits;
use super::refresh::{RefreshToken, RefreshTokens};
use super::sessions::{self, Renewal};
use super::tokens::TokenLedger;
use super::{Asker, Identity, OperatorToken, Passwords, Person, PersonalToken, Scope, SessionId, Via};
use crate::clock::Clock;
use crate::config::{Config, PublicUrl, SecretKey};
use crate::db::tokens::list_known_tokens;
use crate::db::{Db, UserId, users};
use crate::error::Result;
use crate::limits::Shared;
use crate::outbox::Outbox;

/// How many ended sessions a listener may fall behind before it must look for itself.
const ENDED_BACKLOG: usize = 256;

/// Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

pub(super) struct Inner {
    pub(super) db: Db,
    pub(super) clock: Clock,
    /// Links in mails begin with it.
    pub(super) public_url: PublicUrl,
    /// To be woken when a mail was written.
    pub(super) outbox: Outbox,
    cookies: Cookies,
    access: AccessTokens,
    pub(super) refresh: RefreshTokens,
    pub(super) passwords: Passwords,
    pub(super) limits: SignInLimits,
    /// Where instances count together.
    shared: Shared,
    ledger: TokenLedger,
    operator: Option<OperatorToken>,
    /// Tells sockets which sessions have ended.
    ended: broadcast::Sender<SessionId>,
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
    pub fn new(config: &Config, key: &SecretKey, db: Db, clock: Clock, outbox: Outbox, shared: Shared) -> Self {
        Self(Arc::new(Inner {
            db,
            clock,
            public_url: config.public_url.clone(),
            outbox,
            cookies: Cookies::new(config.public_url.is_https()),
            access: AccessTokens::new(key),
            refresh: RefreshTokens::new(key),
            passwords: Passwords::new(),
            limits: SignInLimits::of_passwords(&shared),
            shared,
            ledger: TokenLedger::default(),
            operator: config.operator_token.as_ref().map(OperatorToken::new),
            ended: broadcast::Sender::new(ENDED_BACKLOG),
        }))
    }

    /// How the session cookies of this site look.
    pub fn cookies(&self) -> Cookies {
        self.0.cookies
    }

    /// Where instances count together what is limited.
    pub fn shared_limits(&self) -> &Shared {
        &self.0.shared
    }

    /// Hears of every session that ends before its time.
    pub fn ended_sessions(&self) -> broadcast::Receiver<SessionId> {
        self.0.ended.subscribe()
    }

    /// People's passwords are hashed in one place, so that not too many are at once.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Where accounts are stored.
    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    /// The session that a request's cookies name, whether or not it still exists.
    pub(crate) fn session_named_in(&self, headers: &HeaderMap) -> Option<SessionId> {
        let inner = &self.0;
        let access = inner.cookies.access(headers);
        let access = access.and_then(|token| inner.access.check(&token, inner.clock.now()));
        let refresh = inner.cookies.refresh(headers);
        let refresh = refresh.and_then(|text| inner.refresh.parse(&text));
        access
            .map(|access| access.session)
            .or(refresh.map(|token| token.session()))
    }

    /// Tells who made a request. A bearer token, even a wrong one, leaves cookies out of account.
    pub async fn resolve(&self, asker: &Asker, headers: &HeaderMap) -> Result<Resolved> {
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
        self.resolve_cookies(asker, headers).await
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
            Some((id, user, scope)) => self.person(user, Via::Token(id), scope == Scope::Write).await,
            None => Ok(None),
        }
    }

    async fn resolve_cookies(&self, asker: &Asker, headers: &HeaderMap) -> Result<Resolved> {
        let inner = &self.0;
        let now = inner.clock.now();
        let access = inner.cookies.access(headers);
        if let Some(access) = access.and_then(|token| inner.access.check(&token, now)) {
            let owner = sessions::find_owner(&inner.db, access.session, now).await?;
            if owner != Some(access.user) {
                return Ok(Resolved::ENDED);
            }
            let identity = self.person(access.user, Via::Session(access.session), true).await?;
            return Ok(Resolved {
                identity,
                cookies: CookieChange::Keep,
            });
        }
        match inner.cookies.refresh(headers) {
            Some(text) => self.resolve_refresh(asker, &text).await,
            None => Ok(Resolved::STRANGER),
        }
    }

    async fn resolve_refresh(&self, asker: &Asker, text: &str) -> Result<Resolved> {
        let inner = &self.0;
        let Some(token) = inner.refresh.parse(text) else {
            return Ok(Resolved::ENDED);
        };
        match sessions::renew(&inner.db, &inner.refresh, &token, inner.clock.now()).await? {
            Renewal::Renewed(user, next) => {
                let identity = self.person(user, Via::Session(next.session()), true).await?;
                let cookies = CookieChange::Renew(self.tokens(user, next));
                Ok(Resolved { identity, cookies })
            }
            Renewal::Gone => Ok(Resolved::ENDED),
            Renewal::Stolen(session) => {
                self.revoke(asker, &session).await?;
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
            Via::Token(id) => Ok(!list_known_tokens(&inner.db, &[id]).await?.is_empty()),
        }
    }

    async fn person(&self, id: UserId, via: Via, may_write: bool) -> Result<Option<Identity>> {
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
                may_write,
            })
        }))
    }

    pub(super) fn tokens(&self, user: UserId, refresh: RefreshToken) -> Tokens {
        let access = Access {
            user,
            session: refresh.session(),
        };
        Tokens {
            access: self.0.access.sign(access, self.0.clock.now()),
            refresh,
        }
    }

    pub(super) fn announce_end(&self, session: SessionId) {
        // Nobody listening is not a fault: there may be no open socket at all.
        let _ = self.0.ended.send(session);
    }
}

/// The part after `Bearer `; the scheme's case does not matter (RFC 9110 §11.1).
fn bearer_value(authorization: &str) -> Option<&str> {
    let (scheme, value) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| value.trim())
}
