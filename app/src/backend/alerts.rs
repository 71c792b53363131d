//! Alerts, as their pages ask for them.

use async_trait::async_trait;
use axum::http::HeaderMap;
use domain::alert::Rule;

use super::UserId;
use crate::api::alerts::{AlertView, NotificationsView, Reader, RulesView};
use crate::error::AppError;

/// What the homes of whoever asks want to be told, and what was told.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// The rules of a device; `trial` is a rule that is being tried.
    async fn rules(&self, who: UserId, serial: String, trial: Option<Rule>) -> Result<RulesView, AppError>;

    /// What happened, the newest first, in the reader's words.
    async fn alerts(&self, who: UserId, reader: Reader) -> Result<Vec<AlertView>, AppError>;

    /// What the letter of this token tells of. The token is all it takes.
    async fn letter(&self, token: String, reader: Reader) -> Result<Vec<AlertView>, AppError>;

    /// How the person wants to be told; `headers` are the request's, to tell the browser that asks from the others.
    async fn notifications(&self, who: UserId, headers: HeaderMap) -> Result<NotificationsView, AppError>;
}
