//! Steps on the way in that take more than one request: begun here, bound to one browser, finished once.
//!
//! The browser holds a [`Ticket`] in a cookie; the database holds its hash and everything else, so that any instance
//! can go on where another began, and nothing can be replayed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::db::sign_in_steps::{self as rows, StoredStep};
use crate::db::{Db, UserId};
use crate::error::{Error, Result};

/// What can be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A trip to Kakao and back.
    KakaoTrip,
    /// Back from Kakao; now proving whose account has the same address.
    KakaoProof,
    /// The first proof is given, the code of the authenticator app is not.
    Code,
    /// Recovery codes that wait to be shown.
    RecoveryCodes,
    /// A new personal token that waits to be shown.
    NewToken,
    /// The browser is asked to make a passkey.
    NewPasskey,
    /// The browser is asked for a passkey.
    Passkey,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::KakaoTrip => "kakao-trip",
            Self::KakaoProof => "kakao-proof",
            Self::Code => "code",
            Self::RecoveryCodes => "recovery-codes",
            Self::NewPasskey => "new-passkey",
            Self::Passkey => "passkey",
            Self::NewToken => "new-token",
        }
    }

    const fn lifetime_ms(self) -> i64 {
        match self {
            Self::KakaoTrip | Self::KakaoProof | Self::RecoveryCodes | Self::NewToken => LIFETIME_MS,
            Self::Code | Self::NewPasskey | Self::Passkey => LIFETIME_MS / 2,
        }
    }
}

/// At most ten minutes: long enough to find a forgotten password or a mail.
pub const LIFETIME_MS: i64 = 10 * 60 * 1000;

/// The cookie of a step: 256 random bits. Not `Debug`: whoever has it goes on with the step.
#[derive(Clone)]
pub struct Ticket(String);

impl Ticket {
    const LENGTH: usize = 43;

    fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
    }

    /// Reads a cookie's text; `None` if it cannot be a ticket.
    pub fn parse(text: &str) -> Option<Self> {
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = text.len() == Self::LENGTH && text.bytes().all(is_base64);
        fits.then(|| Self(text.to_owned()))
    }

    /// As it travels in the cookie.
    pub fn text(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}

/// A step as it was left.
pub struct Begun<T> {
    /// Who it concerns, if that is known already.
    pub user: Option<UserId>,
    /// What is known of it.
    pub data: T,
}

/// Begins a step and returns what the browser must keep.
pub async fn begin(db: &Db, kind: Kind, user: Option<UserId>, data: &impl Serialize, now: Timestamp) -> Result<Ticket> {
    let ticket = Ticket::generate();
    let step = StoredStep {
        id: ticket.hash(),
        kind: kind.as_str().to_owned(),
        user,
        data: write(data),
        expires_at: now.plus_millis(kind.lifetime_ms()),
    };
    rows::insert_step(db, &step).await?;
    Ok(ticket)
}

/// The step of this ticket, if it is of this kind and not over.
pub async fn find<T: DeserializeOwned>(
    db: &Db,
    kind: Kind,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<Begun<T>>> {
    let step = rows::find_step(db, &ticket.hash(), now).await?;
    let Some(step) = step.filter(|step| step.kind == kind.as_str()) else {
        return Ok(None);
    };
    let data = serde_json::from_str(&step.data).map_err(|error| Error::Corrupt {
        what: "sign_in_steps.data",
        detail: error.to_string(),
    })?;
    Ok(Some(Begun { user: step.user, data }))
}

/// Replaces what is known of a step.
pub async fn update(db: &Db, ticket: &Ticket, data: &impl Serialize) -> Result<()> {
    rows::update_step_data(db, &ticket.hash(), &write(data)).await
}

/// Counts a try. `false`: there have been `limit`.
pub async fn count_try(db: &Db, ticket: &Ticket, limit: u32) -> Result<bool> {
    rows::update_step_tries(db, &ticket.hash(), limit).await
}

/// Finishes a step. `true` for exactly one of all who try.
pub async fn finish(db: &Db, ticket: &Ticket) -> Result<bool> {
    rows::delete_step(db, &ticket.hash()).await
}

fn write(data: &impl Serialize) -> String {
    serde_json::to_string(data).expect("what a step remembers is plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read_back_and_nothing_else_is_one() {
        let ticket = Ticket::generate();
        assert_eq!(
            Ticket::parse(ticket.text()).map(|read| read.hash()),
            Some(ticket.hash())
        );
        for text in [
            "",
            "x",
            &"A".repeat(42),
            &"A".repeat(44),
            &"=".repeat(43),
            &"é".repeat(43),
        ] {
            assert!(Ticket::parse(text).is_none(), "{text}");
        }
    }
}
