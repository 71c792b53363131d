//! What the browser shows; compiled twice: `ssr` renders it on the server, `hydrate` brings it to life.

mod app;
pub mod api;
#[cfg(feature = "ssr")]
pub mod backend;
pub mod error;
#[cfg(feature = "ssr")]
mod shell;
mod words;

// The words of every page in Korean and English. A page's language is fixed when it is rendered (switching
// posts a form and renders anew), so they are plain strings of a `Locale` and nothing reactive.
include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
