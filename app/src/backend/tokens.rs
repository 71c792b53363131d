//! Personal tokens, as their page asks for them.

use async_trait::async_trait;

use super::UserId;
use crate::api::tokens::TokenView;
use crate::error::AppError;

/// The tokens of whoever asks.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// All of them, the newest first.
    async fn tokens(&self, who: UserId) -> Result<Vec<TokenView>, AppError>;

    /// The one that has just been made in the browser with this step, once.
    async fn take_new_token(&self, step: String, who: UserId) -> Result<Option<String>, AppError>;
}
