//! Accounts, as their own pages ask for them.

use async_trait::async_trait;
use axum::http::HeaderMap;

use super::UserId;
use crate::api::accounts::{AccountView, Awaited, FarewellView, SessionView};
use crate::error::AppError;

/// The account of whoever asks.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Where the code went that the browser with these headers waits for, if it does.
    async fn awaited(&self, what: Awaited, headers: HeaderMap) -> Result<Option<String>, AppError>;

    /// The account and what happened to it.
    async fn account(&self, who: UserId) -> Result<AccountView, AppError>;

    /// What would end with the account, as asked in this session.
    async fn farewell(&self, who: UserId, session: Option<i64>) -> Result<FarewellView, AppError>;

    /// Where the person is signed in, the last used first; `headers` tell which is the asking one.
    async fn sessions(&self, who: UserId, headers: HeaderMap) -> Result<Vec<SessionView>, AppError>;
}
