//! Personal tokens, for their page.

use app::api::tokens::TokenView;
use app::backend::{Tokens, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use domain::time::Timestamp;

use super::ServerBackend;
use crate::auth::Scope;
use crate::auth::steps::Ticket;
use crate::db::UserId;
use crate::error::Result;
use crate::zone;

impl ServerBackend {
    async fn list_tokens_of(&self, who: UserId) -> Result<Vec<TokenView>> {
        let tz = self.zone_of(who).await?;
        let local = |at: Timestamp| (at.as_millis(), zone::rfc3339(&tz, at));
        let tokens = self.ways.list_tokens(who).await?.into_iter().map(|token| {
            let (created, created_local) = local(token.created_at);
            TokenView {
                id: token.id,
                name: token.name,
                may_write: Scope::parse(&token.scope) == Some(Scope::Write),
                created,
                created_local,
                used: token.last_used_at.map(local),
            }
        });
        Ok(tokens.collect())
    }
}

#[async_trait]
impl Tokens for ServerBackend {
    async fn tokens(&self, who: Who) -> Result<Vec<TokenView>, AppError> {
        Ok(self.list_tokens_of(UserId(who.0)).await?)
    }

    async fn take_new_token(&self, step: String, who: Who) -> Result<Option<String>, AppError> {
        match Ticket::parse(&step) {
            Some(ticket) => Ok(self.ways.take_new_token(&ticket, UserId(who.0)).await?),
            None => Ok(None),
        }
    }
}
