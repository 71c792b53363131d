//! The ways on which letters leave.

use std::time::Duration;

use domain::time::Timestamp;

use super::by_push;
use crate::db::Db;
use crate::db::outbox::{Channel, Letter};
use crate::mail::{Mailer, Outgoing, Refusal, Rendered};
use crate::push::Herald;

/// Whoever hands letters of one channel over; cheap to clone.
#[derive(Clone)]
pub enum Carrier {
    /// To a mail server.
    Mail(Mailer),
    /// To the push services of browsers.
    Push(Herald),
}

/// Why a letter was not taken over. The text is for the operator; it holds no content and no secret.
pub(super) enum Setback {
    /// Worth trying again, not before so much time has passed.
    Later(String, Option<Duration>),
    /// This letter will never be taken.
    Never(String),
}

impl From<Mailer> for Carrier {
    fn from(mailer: Mailer) -> Self {
        Self::Mail(mailer)
    }
}

impl From<Herald> for Carrier {
    fn from(herald: Herald) -> Self {
        Self::Push(herald)
    }
}

impl From<Refusal> for Setback {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Later(reason) => Self::Later(reason, None),
            Refusal::Never(reason) => Self::Never(reason),
        }
    }
}

impl Setback {
    /// Of a letter that some other program must have written.
    pub fn unreadable() -> Self {
        Self::Never("cannot be read: not written by this program".to_owned())
    }
}

impl Carrier {
    /// What it carries.
    pub(super) const fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Mail,
            Self::Push(_) => Channel::Push,
        }
    }

    /// Hands a letter over and returns once the other side has taken it. Dropped half-way, it may or may not have left.
    pub(super) async fn carry(&self, db: &Db, letter: &Letter, now: Timestamp) -> Result<(), Setback> {
        match self {
            Self::Mail(mailer) => mail(mailer, letter).await,
            Self::Push(herald) => by_push::carry(herald, db, letter, now).await,
        }
    }

    /// Nothing to send for a while.
    pub(super) async fn rest(&self) {
        if let Self::Mail(mailer) = self {
            mailer.rest().await;
        }
    }
}

async fn mail(mailer: &Mailer, letter: &Letter) -> Result<(), Setback> {
    let content: Rendered = serde_json::from_str(&letter.payload).map_err(|_| Setback::unreadable())?;
    let mail = Outgoing {
        to: &letter.recipient,
        message_id: &letter.message_id,
        written_at: Timestamp::from_millis(letter.created_at),
        content: &content,
    };
    Ok(mailer.send(&mail).await?)
}
