//! Writing a letter: part of whatever transaction made it necessary.

use domain::time::Timestamp;

use super::by_push::recipient_of;
use crate::db::outbox::{Channel, NewLetter, insert_letter, update_unsent};
use crate::db::{Dialect, PushSubscriptionId, Tx};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};
use crate::push::Envelope;

/// What the columns take, in characters and bytes.
const MAX_RECIPIENT_CHARS: usize = 254;
const MAX_KEY_CHARS: usize = 190;
const MAX_PAYLOAD_BYTES: usize = 65_535;

const MINUTE_MS: i64 = 60_000;

/// A mail and where it goes.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// What it says.
    pub mail: Mail<'a>,
    /// Address of its reader. One that cannot exist makes a dead letter, not an error: a reading must not be lost
    /// because somebody mistyped an address.
    pub to: &'a str,
    /// What its reader reads.
    pub language: Language,
    /// Names the cause, such as `alert:17:4:fired`: the same key is never sent a second time.
    pub key: &'a str,
}

/// What [`enqueue`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enqueued {
    /// Of the letter under the key, whoever wrote it.
    pub message_id: String,
    /// `false`: the key was known and nothing was written.
    pub new: bool,
}

/// A letter as it is stored, whichever way it travels.
#[derive(Clone, Debug)]
pub struct Parcel {
    channel: Channel,
    kind: &'static str,
    recipient: String,
    payload: String,
    key: String,
    worth_minutes: Option<u32>,
}

impl Post<'_> {
    /// The mail in words.
    pub fn parcel(&self) -> Parcel {
        Parcel {
            channel: Channel::Mail,
            kind: self.mail.kind(),
            recipient: self.to.to_owned(),
            payload: serde_json::to_string(&self.mail.render(self.language)).expect("strings make valid JSON"),
            key: self.key.to_owned(),
            worth_minutes: self.mail.worth_minutes(),
        }
    }
}

impl Parcel {
    /// A message to a browser, of this kind, and worth something for so long.
    pub fn push(
        to: PushSubscriptionId,
        kind: &'static str,
        envelope: &Envelope,
        key: &str,
        worth_minutes: u32,
    ) -> Self {
        Self {
            channel: Channel::Push,
            kind,
            recipient: recipient_of(to),
            payload: serde_json::to_string(envelope).expect("strings make valid JSON"),
            key: key.to_owned(),
            worth_minutes: Some(worth_minutes),
        }
    }
}

/// Writes a mail that is due at once. After the commit, [`super::Outbox::wake`] makes the worker look.
///
/// # Errors
/// [`Error::Invalid`] if recipient or key are longer than any real one; otherwise the database's.
pub async fn enqueue(tx: &mut Tx<'_>, dialect: Dialect, post: &Post<'_>, now: Timestamp) -> Result<Enqueued> {
    enqueue_for(tx, dialect, post.parcel(), None, now).await
}

/// Writes a letter that leaves at `due_at`, or at once. Until then it may be rewritten or taken back.
///
/// # Errors
/// As [`enqueue`].
pub async fn enqueue_for(
    tx: &mut Tx<'_>,
    dialect: Dialect,
    parcel: Parcel,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Enqueued> {
    let worth_from = due_at.unwrap_or(now);
    let letter = NewLetter {
        channel: parcel.channel,
        kind: parcel.kind,
        recipient: parcel.recipient,
        payload: parcel.payload,
        dedupe_key: parcel.key,
        message_id: format!("{:032x}", rand::random::<u128>()),
        due_at,
        expires_at: parcel
            .worth_minutes
            .map(|minutes| worth_from.plus_millis(i64::from(minutes) * MINUTE_MS)),
    };
    check("recipient", letter.recipient.chars().count(), MAX_RECIPIENT_CHARS)?;
    check("dedupe_key", letter.dedupe_key.chars().count(), MAX_KEY_CHARS)?;
    check("payload", letter.payload.len(), MAX_PAYLOAD_BYTES)?;
    let stored = insert_letter(tx, dialect, &letter, now).await?;
    Ok(Enqueued {
        new: stored == letter.message_id,
        message_id: stored,
    })
}

/// Replaces what a letter says under its key. `false`: it was tried already, and stays as it is.
pub async fn rewrite(tx: &mut Tx<'_>, parcel: &Parcel) -> Result<bool> {
    check("payload", parcel.payload.len(), MAX_PAYLOAD_BYTES)?;
    update_unsent(tx, &parcel.key, &parcel.payload).await
}

fn check(field: &'static str, length: usize, limit: usize) -> Result<()> {
    if length <= limit {
        Ok(())
    } else {
        Err(Error::Invalid {
            field,
            reason: format!("longer than {limit}"),
        })
    }
}
