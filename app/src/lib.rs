//! What the browser shows; compiled twice: `ssr` renders it on the server, `hydrate` brings it to life.

pub mod api;
mod app;
#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
mod charts;
mod components;
pub mod context;
pub mod error;
mod pages;
#[cfg_attr(feature = "ssr", path = "platform/server/mod.rs")]
#[cfg_attr(not(feature = "ssr"), path = "platform/browser/mod.rs")]
mod platform;
#[cfg(feature = "ssr")]
mod shell;
mod words;

// The words of every page in Korean and English. A page's language is fixed when it is rendered (switching
// posts a form and renders anew), so they are plain strings of a `Locale` and nothing reactive.
include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
