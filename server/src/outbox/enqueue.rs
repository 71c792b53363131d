//! Writing a letter: part of whatever transaction made it necessary.

use domain::time::Timestamp;

use crate::db::outbox::{Channel, NewLetter, insert_letter, update_unsent};
use crate::db::{Dialect, Tx};
use crate::error::{Error, Result};
use crate::mail::{Language, Mail};

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

/// Writes a letter that is due at once. After the commit, [`super::Outbox::wake`] makes the worker look.
///
/// # Errors
/// [`Error::Invalid`] if recipient or key are longer than any real one; otherwise the database's.
pub async fn enqueue(tx: &mut Tx<'_>, dialect: Dialect, post: &Post<'_>, now: Timestamp) -> Result<Enqueued> {
    enqueue_for(tx, dialect, post, None, now).await
}

/// As [`enqueue`], but the letter leaves at `due_at`. Until then it may be rewritten or taken back.
pub async fn enqueue_for(
    tx: &mut Tx<'_>,
    dialect: Dialect,
    post: &Post<'_>,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Enqueued> {
    let letter = NewLetter {
        channel: Channel::Mail,
        kind: post.mail.kind(),
        recipient: post.to.to_owned(),
        payload: payload(post),
        dedupe_key: post.key.to_owned(),
        message_id: format!("{:032x}", rand::random::<u128>()),
        due_at,
        expires_at: post
            .mail
            .worth_minutes()
            .map(|minutes| now.plus_millis(i64::from(minutes) * MINUTE_MS)),
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
pub async fn rewrite(tx: &mut Tx<'_>, post: &Post<'_>) -> Result<bool> {
    let payload = payload(post);
    check("payload", payload.len(), MAX_PAYLOAD_BYTES)?;
    update_unsent(tx, post.key, &payload).await
}

fn payload(post: &Post<'_>) -> String {
    serde_json::to_string(&post.mail.render(post.language)).expect("strings make valid JSON")
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
