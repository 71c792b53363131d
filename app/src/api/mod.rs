//! What server and pages, and pages and browser, tell each other: one file per noun.

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod alerts;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
pub mod family;
#[cfg(feature = "ssr")]
pub mod health;
pub mod history;
pub mod live;
#[cfg(feature = "ssr")]
pub mod operations;
pub mod rooms;
#[cfg(feature = "ssr")]
pub mod tokens;
