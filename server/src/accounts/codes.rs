//! One-time codes: sent by mail, tied to the asking browser, good for ten minutes and one use.
//!
//! A code has 40 bits and ten wrong ones may be tried in a day, so guessing for a year succeeds in less than one of
//! 10⁸ cases. At rest there is only an HMAC, whose key is not in the database: 40 bits alone could be searched through.

use domain::serial::MailCode;
use domain::time::Timestamp;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::{AccountError, Accounts, Purpose, Ticket};
use crate::auth::{Asker, RetryAfter, derive_key};
use crate::config::SecretKey;
use crate::db::Tx;
use crate::db::codes::{self, Code, NewCode};
use crate::db::users::{self, User};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};
use crate::outbox::{self, Post};

/// How long a code lives.
pub const CODE_MINUTES: u32 = 10;
/// How many wrong codes may be tried for one address in any 24 hours.
pub const WRONG_CODES_A_DAY: i64 = 10;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Hashes codes.
pub(super) struct CodeKey([u8; 32]);

impl CodeKey {
    pub(super) fn new(key: &SecretKey) -> Self {
        Self(derive_key(key, "mail code"))
    }

    /// The same code of another browser has another hash.
    fn hash(&self, code: MailCode, browser_hash: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(browser_hash.as_bytes());
        mac.update(code.as_str().as_bytes());
        format!("{:x}", mac.finalize().into_bytes())
    }
}

/// What a code is asked for.
pub(super) struct Order<'a> {
    pub purpose: Purpose,
    /// Where the code goes, as stored.
    pub email: &'a str,
    /// Whose account is about to change.
    pub user: Option<&'a User>,
    /// Password chosen at sign-up, hashed.
    pub password_hash: Option<&'a str>,
}

impl Accounts {
    /// What the code in this browser is for, and where it was sent; `None` once it has run out.
    pub async fn awaited(&self, purpose: Purpose, ticket: Option<&Ticket>) -> Result<Option<String>> {
        let Some(ticket) = ticket else { return Ok(None) };
        let waiting = self.find_waiting(purpose, ticket).await?;
        Ok(waiting.map(|waiting| waiting.email))
    }

    /// Sends another code in place of the one this browser waits for, to the same address.
    ///
    /// # Errors
    /// [`AccountError::NoCode`] if it waits for none; [`AccountError::Limited`].
    pub async fn send_again(&self, asker: &Asker, purpose: Purpose, ticket: &Ticket) -> Result<Ticket, AccountError> {
        let waiting = self.find_waiting(purpose, ticket).await?.ok_or(AccountError::NoCode)?;
        self.count_mail(asker, &waiting.email).await?;
        let user = match waiting.user {
            Some(user) => users::find_user(&self.0.db, user).await?,
            None => None,
        };
        let order = Order {
            purpose,
            email: &waiting.email,
            user: user.as_ref(),
            password_hash: waiting.password_hash.as_deref(),
        };
        let mut tx = self.0.db.begin_write().await?;
        let ticket = self.send_code(&mut tx, asker, &order).await?;
        tx.commit().await.map_err(Error::from)?;
        self.0.outbox.wake();
        Ok(ticket)
    }

    /// Counts a mail that somebody causes.
    pub(super) async fn count_mail(&self, asker: &Asker, email: &str) -> Result<(), AccountError> {
        let counted = self.0.mails.attempt(asker.ip, email, self.0.clock.now()).await;
        counted.map_err(AccountError::Limited)
    }

    /// Draws a code, stores it and writes the letter; after the commit, wake the outbox. The same is stored whether
    /// or not the letter holds the code.
    pub(super) async fn send_code(&self, tx: &mut Tx<'_>, asker: &Asker, order: &Order<'_>) -> Result<Ticket> {
        let inner = &self.0;
        let now = inner.clock.now();
        let ticket = Ticket::generate();
        let browser_hash = ticket.hash();
        let code = MailCode::from_bits(rand::random());
        let code_hash = inner.code_key.hash(code, &browser_hash);
        let new = NewCode {
            purpose: order.purpose,
            email: order.email,
            browser_hash: &browser_hash,
            code_hash: &code_hash,
            user: order.user.map(|user| user.id),
            password_hash: order.password_hash,
            expires_at: now.plus_millis(i64::from(CODE_MINUTES) * MINUTE_MS),
        };
        codes::insert_code(tx, inner.db.dialect(), &new, now).await?;
        self.write_letter(tx, asker, order, code, &code_hash, now).await?;
        Ok(ticket)
    }

    async fn write_letter(
        &self,
        tx: &mut Tx<'_>,
        asker: &Asker,
        order: &Order<'_>,
        code: MailCode,
        code_hash: &str,
        now: Timestamp,
    ) -> Result<()> {
        let inner = &self.0;
        let code = code.to_string();
        let reset_url = inner.public_url.join("/forgot-password");
        let sign_in_url = inner.public_url.join("/sign-in");
        let link = inner.public_url.join(&format!("/reset-password?code={code}"));
        let owner = users::find_user_by_email(&inner.db, order.email).await?;
        let minutes = CODE_MINUTES;
        let (mail, key) = match (order.purpose, &owner) {
            (Purpose::ResetPassword, None) => return Ok(()),
            (Purpose::ResetPassword, Some(_)) => (
                Mail::ResetPassword {
                    code: &code,
                    link: &link,
                    minutes,
                },
                format!("code:{code_hash}"),
            ),
            // Once a day is enough to know.
            (Purpose::SignUp | Purpose::ChangeAddress, Some(owner)) => (
                Mail::AddressTaken {
                    sign_in_url: &sign_in_url,
                    reset_url: &reset_url,
                },
                format!("address-taken:{}:{}", owner.id.0, now.as_millis().div_euclid(DAY_MS)),
            ),
            (Purpose::SignUp | Purpose::ChangeAddress, None) => (
                Mail::VerifyAddress { code: &code, minutes },
                format!("code:{code_hash}"),
            ),
        };
        let known = owner.as_ref().and_then(|owner| owner.locale.as_deref());
        let post = Post {
            mail,
            to: order.email,
            language: known.map_or(asker.language, |locale| Language::of(Some(locale))),
            key: &key,
        };
        outbox::enqueue(tx, inner.db.dialect(), &post, now).await?;
        Ok(())
    }

    async fn find_waiting(&self, purpose: Purpose, ticket: &Ticket) -> Result<Option<Code>> {
        let inner = &self.0;
        let found = codes::find_code(&inner.db, purpose, &ticket.hash()).await?;
        Ok(found.filter(|code| inner.clock.now() < code.expires_at))
    }

    /// Takes a code in exchange for the transaction in which it is used up: whoever calls does in it what the code
    /// was for, and commits.
    pub(super) async fn redeem(
        &self,
        asker: &Asker,
        purpose: Purpose,
        ticket: Option<&Ticket>,
        typed: &str,
    ) -> Result<(Tx<'static>, Code), AccountError> {
        let inner = &self.0;
        let ticket = ticket.ok_or(AccountError::NoCode)?;
        // What cannot be a code at all is a slip and not a guess.
        let typed: MailCode = typed.parse().map_err(|_| AccountError::WrongCode)?;
        let now = inner.clock.now();
        let waiting = self.find_waiting(purpose, ticket).await?.ok_or(AccountError::NoCode)?;
        inner
            .tries
            .attempt(asker.ip, &waiting.email, now)
            .await
            .map_err(AccountError::Limited)?;
        let mut tx = inner.db.begin_write().await?;
        let browser_hash = ticket.hash();
        let locked = codes::lock_code(&mut tx, inner.db.dialect(), &waiting.email, &browser_hash).await?;
        let waiting = locked.ok_or(AccountError::NoCode)?;
        let failures = codes::count_failures(&mut tx, &waiting.email, now.plus_millis(-DAY_MS)).await?;
        if failures >= WRONG_CODES_A_DAY {
            return Err(AccountError::Limited(RetryAfter(24 * 3600)));
        }
        let typed = inner.code_key.hash(typed, &browser_hash);
        let is_right: bool = subtle::ConstantTimeEq::ct_eq(typed.as_bytes(), waiting.code_hash.as_bytes()).into();
        if !is_right {
            codes::insert_failure(&mut tx, &waiting.email, now).await?;
            tx.commit().await.map_err(Error::from)?;
            return Err(AccountError::WrongCode);
        }
        codes::delete_code(&mut tx, waiting.id).await?;
        inner.tries.succeeded(asker.ip, &waiting.email).await;
        Ok((tx, waiting))
    }
}
