//! The shop, as the pages of its operators ask for it.

use async_trait::async_trait;

use super::CurrentUser;
use crate::api::console::{ConsoleView, OrderView, ProductView};
use crate::api::health::HealthView;
use crate::error::AppError;

/// For operators: everybody else is answered [`AppError::Forbidden`].
#[async_trait]
pub trait Console: Send + Sync {
    /// The broker, and a page (from 0) of the products whose serial holds `search`.
    async fn console(&self, who: &CurrentUser, search: &str, page: u32) -> Result<ConsoleView, AppError>;

    /// The product with this serial.
    async fn product(&self, who: &CurrentUser, serial: &str) -> Result<ProductView, AppError>;

    /// An order and its secrets, for as long as they are kept.
    async fn order(&self, who: &CurrentUser, id: &str) -> Result<OrderView, AppError>;

    /// How the installation is.
    async fn health(&self, who: &CurrentUser) -> Result<HealthView, AppError>;
}
