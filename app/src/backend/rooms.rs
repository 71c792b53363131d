//! Rooms and what was measured in them, as pages ask for them.

use async_trait::async_trait;

use super::UserId;
use crate::api::rooms::{DayPoint, HomeView, RoomView};
use crate::error::AppError;

/// The rooms of whoever asks.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// All rooms of the person's household, in the order they are shown.
    async fn home(&self, who: UserId) -> Result<HomeView, AppError>;

    /// One room with today's two-hour slots.
    async fn room(&self, who: UserId, serial: String) -> Result<RoomView, AppError>;

    /// Each of the last `days` local days up to and including today, oldest first; a day without readings
    /// is there too, with `n` 0 and neither `t` nor `h`, so that a chart can show the gap.
    async fn daily(&self, who: UserId, serial: String, days: u16) -> Result<Vec<DayPoint>, AppError>;
}
