//! What the browser shows; compiled twice: `ssr` renders it on the server, `hydrate` brings it to life.

mod app;
pub mod api;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod error;
#[cfg(feature = "ssr")]
mod shell;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
