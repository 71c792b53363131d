//! Between the first proof and the session: who has an authenticator app also types its code.
//!
//! What the browser gets meanwhile is not a session: a ticket that opens nothing but the page that asks for the code,
//! for five minutes and five tries.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::steps::{self, Kind, Ticket};
use super::{Asker, Auth, Tokens, Way};
use crate::db::UserId;
use crate::db::totps::find_totp;
use crate::error::Result;

/// What is done as soon as the second proof is given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Awaiting {
    /// What the first proof was.
    pub way: Way,
    /// Where to go then.
    pub next: String,
    /// An account elsewhere to connect then.
    pub connect: Option<Connect>,
}

/// An account at Kakao that waits to be connected.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Connect {
    /// Kakao's number of it.
    pub subject: String,
    /// What they call themselves there.
    pub name: String,
}

/// What a proof is worth.
pub enum Entry {
    /// In; go there.
    Open(Tokens, String),
    /// Not yet: a code is needed besides.
    CodeNeeded(Ticket),
}

impl Auth {
    /// Lets in somebody who has proven who they are, or asks for the second proof: the one place where every way in
    /// ends.
    pub(crate) async fn enter(
        &self,
        user: UserId,
        awaiting: Awaiting,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<Entry> {
        if self.needs_code(user, awaiting.way).await? {
            let inner = self.inner();
            let ticket = steps::begin(&inner.db, Kind::Code, Some(user), &awaiting, inner.clock.now()).await?;
            return Ok(Entry::CodeNeeded(ticket));
        }
        let tokens = self.open(user, awaiting.way, asker, headers).await?;
        Ok(Entry::Open(tokens, awaiting.next))
    }

    /// Whether this proof alone does not open this account.
    pub(crate) async fn needs_code(&self, user: UserId, way: Way) -> Result<bool> {
        if way.is_two_proofs() {
            return Ok(false);
        }
        let totp = find_totp(&self.inner().db, user).await?;
        Ok(totp.is_some_and(|totp| totp.confirmed_at.is_some()))
    }
}
