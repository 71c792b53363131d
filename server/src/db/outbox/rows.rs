//! What a letter is while it is written, waits and is sent.

use domain::time::Timestamp;
use sqlx::FromRow;

use crate::error::{Error, Result};

/// How a letter travels. An instance takes only letters whose way it knows, so that an older one leaves a newer one's
/// alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// By e-mail.
    Mail,
    /// By Web Push, to one browser.
    Push,
}

impl Channel {
    /// As stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Push => "push",
        }
    }

    /// From its stored name.
    pub(in crate::db) fn of(name: &str) -> Result<Self> {
        let known = [Self::Mail, Self::Push]
            .into_iter()
            .find(|channel| channel.name() == name);
        known.ok_or_else(|| Error::Corrupt {
            what: "notices.channel",
            detail: name.to_owned(),
        })
    }
}

/// What has become of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its time, or is just being sent.
    Queued,
    /// A mail server or a push service has taken it over.
    Accepted,
    /// Given up; it stays visible.
    Dead,
}

impl State {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Dead => "dead",
        }
    }

    pub(super) fn of(name: &str) -> Result<Self> {
        let known = [Self::Queued, Self::Accepted, Self::Dead]
            .into_iter()
            .find(|state| state.name() == name);
        known.ok_or_else(|| Error::Corrupt {
            what: "outbox.state",
            detail: name.to_owned(),
        })
    }
}

/// A letter to be stored.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// How it travels.
    pub channel: Channel,
    /// What it is, for lists and counters.
    pub kind: &'static str,
    /// To whom.
    pub recipient: String,
    /// What to send, in the channel's own form.
    pub payload: String,
    /// Names the cause: a second letter with the same key is not stored.
    pub dedupe_key: String,
    /// 32 hexadecimal digits, the same at every attempt.
    pub message_id: String,
    /// When it may leave; `None`: at once.
    pub due_at: Option<Timestamp>,
    /// When it is worth nothing any more, if ever.
    pub expires_at: Option<Timestamp>,
}

/// A letter somebody has claimed in order to send it.
#[derive(Clone, Debug, FromRow)]
pub struct Letter {
    /// Row number.
    pub id: i64,
    /// What it is.
    pub kind: String,
    /// To whom.
    pub recipient: String,
    /// What to send.
    pub payload: String,
    /// The same at every attempt.
    pub message_id: String,
    /// This attempt's number, from 1.
    pub attempts: i64,
    /// Unix ms; when it is worth nothing any more.
    pub expires_at: Option<i64>,
    /// Unix ms.
    pub created_at: i64,
}

/// One sender's hold on letters.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Random, new for every claim.
    pub name: String,
    /// When the hold ends unless it is extended.
    pub until: Timestamp,
}
