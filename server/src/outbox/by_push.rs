//! Letters to browsers: who they are is looked up when the letter leaves, and what their push service says of them is
//! remembered, so that their owner sees a browser that cannot be told any more.

use std::time::Duration;

use domain::time::Timestamp;

use super::carrier::Setback;
use crate::db::outbox::Letter;
use crate::db::push_subscriptions::{
    PushSubscription, delete_push_subscription, find_push_subscription, update_push_failing, update_push_taken,
};
use crate::db::{Db, PushSubscriptionId};
use crate::error::Result;
use crate::push::{Address, Envelope, Herald, Undelivered};

/// What letters to browsers have in the place of an address.
const RECIPIENT: &str = "push:";

/// The recipient of letters to a browser.
pub fn recipient_of(browser: PushSubscriptionId) -> String {
    format!("{RECIPIENT}{}", browser.0)
}

fn browser_of(recipient: &str) -> Option<PushSubscriptionId> {
    let id = recipient.strip_prefix(RECIPIENT)?.parse().ok()?;
    Some(PushSubscriptionId(id))
}

impl From<Undelivered> for Setback {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            Undelivered::Gone(reason) | Undelivered::Never(reason) => Self::Never(reason),
            Undelivered::Later(reason, wait) => Self::Later(reason, wait),
        }
    }
}

/// Hands a letter to its browser's push service.
pub(super) async fn carry(herald: &Herald, db: &Db, letter: &Letter, now: Timestamp) -> Result<(), Setback> {
    let envelope: Envelope = serde_json::from_str(&letter.payload).map_err(|_| Setback::unreadable())?;
    let id = browser_of(&letter.recipient).ok_or_else(Setback::unreadable)?;
    let browser = match find_push_subscription(db, id).await {
        Ok(Some(browser)) => browser,
        Ok(None) => return Err(Setback::Never("this browser is not told any more".to_owned())),
        Err(error) => {
            tracing::warn!(letter = letter.id, %error, "cannot look up a browser");
            return Err(Setback::Later("the database was away".to_owned(), None));
        }
    };
    let delivered = deliver(herald, &browser, &envelope, letter, now).await;
    if let Err(error) = remember(db, &browser, &delivered, now).await {
        tracing::warn!(letter = letter.id, %error, "cannot note how a browser is doing");
    }
    Ok(delivered?)
}

async fn deliver(
    herald: &Herald,
    browser: &PushSubscription,
    envelope: &Envelope,
    letter: &Letter,
    now: Timestamp,
) -> Result<(), Undelivered> {
    let address = Address::read(herald.hosts(), &browser.endpoint, &browser.p256dh, &browser.auth)
        .map_err(|unfit| Undelivered::Never(unfit.to_string()))?;
    let worth_ms = letter.expires_at.map_or(0, |at| at - now.as_millis()).max(0);
    let ttl = Duration::from_millis(worth_ms.unsigned_abs());
    herald.deliver(&address, envelope, ttl, now).await
}

async fn remember(
    db: &Db,
    browser: &PushSubscription,
    delivered: &Result<(), Undelivered>,
    now: Timestamp,
) -> Result<()> {
    match delivered {
        Ok(()) => update_push_taken(db, browser.id, now).await,
        Err(Undelivered::Gone(_)) => {
            tracing::info!(browser = browser.id.0, "a browser has gone and is forgotten");
            delete_push_subscription(db, browser.user, browser.id).await.map(drop)
        }
        Err(Undelivered::Later(reason, _) | Undelivered::Never(reason)) => {
            update_push_failing(db, browser.id, reason, now).await
        }
    }
}
