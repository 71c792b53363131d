//! Rooms and what was measured in them, as pages ask for them.

use async_trait::async_trait;

use super::UserId;
use crate::api::rooms::{HomeView, RoomCard, RoomSettings, RoomView};
use crate::error::AppError;

/// The rooms of whoever asks.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// All rooms of the person's household, in the order they are shown.
    async fn home(&self, who: UserId) -> Result<HomeView, AppError>;

    /// A room that anybody may look at: the first of the demo household, if the server has one.
    async fn showcase(&self) -> Result<Option<RoomCard>, AppError>;

    /// One room with today's two-hour slots.
    async fn room(&self, who: UserId, serial: String) -> Result<RoomView, AppError>;

    /// What people may say of the device in a room.
    async fn room_settings(&self, who: UserId, serial: String) -> Result<RoomSettings, AppError>;
}
