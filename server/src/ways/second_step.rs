//! The second proof: a code of the authenticator app, or one of the recovery codes.

use axum::http::HeaderMap;

use super::Ways;
use crate::auth::second_step::Awaiting;
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, RetryAfter, Tokens};
use crate::db::UserId;
use crate::error::{Error, Result};

/// How many codes may be tried before the first proof must be given again.
const MAX_TRIES: u32 = 5;

/// Why somebody is not in yet.
#[derive(Debug)]
pub enum CodeError {
    /// Not the code, or used before.
    Code,
    /// Too often at this account.
    Limited(RetryAfter),
    /// Too late, too often, or in another browser: begin anew.
    Over,
    /// The database could not be asked.
    Failed(Error),
}

impl From<Error> for CodeError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Ways {
    /// Whether the browser with this ticket is to be asked for a code.
    pub async fn awaits_code(&self, ticket: &Ticket) -> Result<bool> {
        Ok(self.find_awaiting(ticket).await?.is_some())
    }

    /// Takes the code and lets its owner in; where to go is beside the tokens.
    ///
    /// # Errors
    /// See [`CodeError`].
    pub async fn give_code(
        &self,
        ticket: &Ticket,
        code: &str,
        asker: &Asker,
        headers: &HeaderMap,
    ) -> Result<(Tokens, String), CodeError> {
        let Some((user, awaiting)) = self.find_awaiting(ticket).await? else {
            return Err(CodeError::Over);
        };
        if !steps::count_try(&self.0.db, ticket, MAX_TRIES).await? {
            steps::finish(&self.0.db, ticket).await?;
            return Err(CodeError::Over);
        }
        if !self.accept_any(user, code, asker).await? {
            return Err(CodeError::Code);
        }
        if !steps::finish(&self.0.db, ticket).await? {
            return Err(CodeError::Over);
        }
        if let Some(connect) = awaiting.connect {
            self.connect(user, &connect.subject, &connect.name, asker).await?;
        }
        let tokens = self.0.auth.open(user, awaiting.way, asker, headers).await?;
        Ok((tokens, awaiting.next))
    }

    async fn accept_any(&self, user: UserId, code: &str, asker: &Asker) -> Result<bool, CodeError> {
        // A recovery code cannot be guessed, so a thief who spends the tries does not keep its owner out.
        if self.accept_recovery_code(user, code, asker).await? {
            return Ok(true);
        }
        let key = limit_key(user);
        let counted = self.0.codes.attempt(asker.ip, &key, self.now()).await;
        counted.map_err(CodeError::Limited)?;
        let is_right = self.accept_code(user, code).await?;
        if is_right {
            self.0.codes.succeeded(asker.ip, &key).await;
        }
        Ok(is_right)
    }

    async fn find_awaiting(&self, ticket: &Ticket) -> Result<Option<(UserId, Awaiting)>> {
        let begun: Option<Begun<Awaiting>> = steps::find(&self.0.db, Kind::Code, ticket, self.now()).await?;
        Ok(begun.and_then(|begun| Some((begun.user?, begun.data))))
    }
}

/// Under which codes of an account are counted.
pub(super) fn limit_key(user: UserId) -> String {
    user.0.to_string()
}
