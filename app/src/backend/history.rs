//! What was measured over time, as pages ask for it. `days` counts back from today, which is one of them.

use async_trait::async_trait;

use super::UserId;
use crate::api::history::{ComparedRoom, CourseView, DayView, PatternCell, PeriodView};
use crate::error::AppError;

/// The past of the rooms of whoever asks.
#[async_trait]
pub trait History: Send + Sync {
    /// The last `days` local days of a room.
    async fn period(&self, who: UserId, serial: String, days: u16) -> Result<PeriodView, AppError>;

    /// One local day of a room; without a date, today. A date that cannot be does not exist.
    async fn day(&self, who: UserId, serial: String, day: Option<String>) -> Result<DayView, AppError>;

    /// What the hours of each weekday are like over the last `days` days of a room.
    async fn pattern(&self, who: UserId, serial: String, days: u16) -> Result<Vec<PatternCell>, AppError>;

    /// The last 24 hours of a room.
    async fn course(&self, who: UserId, serial: String) -> Result<CourseView, AppError>;

    /// The last `days` days of every room, in the order they are shown.
    async fn compared(&self, who: UserId, days: u16) -> Result<Vec<ComparedRoom>, AppError>;
}
