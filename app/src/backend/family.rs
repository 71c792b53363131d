//! Households, as the family page asks for them.

use async_trait::async_trait;

use super::UserId;
use crate::api::family::{FamilyView, InvitationView};
use crate::error::AppError;

/// The households of whoever asks, and the one a link invites to.
#[async_trait]
pub trait Families: Send + Sync {
    /// Each household the person belongs to, the oldest first.
    async fn families(&self, who: UserId) -> Result<Vec<FamilyView>, AppError>;

    /// What a link invites to; `None` if it works no longer.
    async fn invitation(&self, token: &str) -> Result<Option<InvitationView>, AppError>;
}
