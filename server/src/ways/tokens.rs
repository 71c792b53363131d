//! Personal tokens: keys for scripts, made and taken back by their owner, shown once and kept as a hash.

use serde::{Deserialize, Serialize};

use super::Ways;
use crate::auth::audit::{Action, record};
use crate::auth::steps::{self, Begun, Kind, Ticket};
use crate::auth::{Asker, PersonalToken, Scope};
use crate::db::UserId;
use crate::db::tokens::{NewToken, Token, delete_token, insert_token, list_tokens};
use crate::error::{Error, Result};

/// How many one person may have: enough for every script, few enough to know them all.
pub const MOST_TOKENS: usize = 20;
const MAX_NAME_CHARS: usize = 80;

/// Sealed, for the one page that shows it.
#[derive(Serialize, Deserialize)]
struct Shown {
    sealed: String,
}

impl Ways {
    /// Somebody's tokens, the newest first.
    pub async fn list_tokens(&self, user: UserId) -> Result<Vec<Token>> {
        list_tokens(&self.0.db, user).await
    }

    /// A new token, and its row number.
    ///
    /// # Errors
    /// A name that is none, or too many tokens.
    pub async fn create_token(
        &self,
        user: UserId,
        name: &str,
        scope: Scope,
        asker: &Asker,
    ) -> Result<(i64, PersonalToken)> {
        let name = name.trim();
        if !(1..=MAX_NAME_CHARS).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(invalid("name", format!("must have 1 to {MAX_NAME_CHARS} characters")));
        }
        if self.list_tokens(user).await?.len() >= MOST_TOKENS {
            return Err(invalid(
                "form",
                format!("there can be {MOST_TOKENS} tokens: revoke one first"),
            ));
        }
        let token = PersonalToken::generate();
        let new = NewToken {
            user,
            name,
            scope: scope.as_str(),
            hash: &token.hash(),
        };
        let mut tx = self.0.db.begin_write().await?;
        let id = insert_token(&mut tx, &new, self.now()).await?;
        record(&mut tx, Some(user), Action::TokenCreated, asker, Some(name), self.now()).await?;
        tx.commit().await?;
        Ok((id, token))
    }

    /// Takes a token back: from now on it opens nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not there, or not theirs.
    pub async fn revoke_token(&self, user: UserId, id: i64, asker: &Asker) -> Result<()> {
        let mut tx = self.0.db.begin_write().await?;
        let name = delete_token(&mut tx, user, id).await?.ok_or(Error::NotFound)?;
        record(
            &mut tx,
            Some(user),
            Action::TokenRevoked,
            asker,
            Some(&name),
            self.now(),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Keeps a new token, sealed, until the next page has shown it.
    pub async fn show_token_once(&self, user: UserId, token: &PersonalToken) -> Result<Ticket> {
        let shown = Shown {
            sealed: self.0.seal.seal(&label(user), token.expose()),
        };
        steps::begin(&self.0.db, Kind::NewToken, Some(user), &shown, self.now()).await
    }

    /// The new token to show; a second time there is none.
    pub async fn take_new_token(&self, ticket: &Ticket, user: UserId) -> Result<Option<String>> {
        let begun: Option<Begun<Shown>> = steps::find(&self.0.db, Kind::NewToken, ticket, self.now()).await?;
        let Some(begun) = begun.filter(|begun| begun.user == Some(user)) else {
            return Ok(None);
        };
        let is_first = steps::finish(&self.0.db, ticket).await?;
        Ok(is_first
            .then(|| self.0.seal.open(&label(user), &begun.data.sealed))
            .flatten())
    }
}

fn label(user: UserId) -> String {
    format!("new token {}", user.0)
}

fn invalid(field: &'static str, reason: String) -> Error {
    Error::Invalid { field, reason }
}
