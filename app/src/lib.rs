//! What the browser shows; compiled twice. `ssr`: pages, rendered whole by the server. `hydrate`: the islands
//! among them that live on in the browser.

// A view's type spells out its whole tree.
#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "ssr")]
mod app;
#[cfg(feature = "ssr")]
pub mod backend;
#[cfg(feature = "ssr")]
mod charts;
#[cfg(feature = "ssr")]
mod components;
pub mod context;
pub mod error;
#[cfg(feature = "ssr")]
pub mod form;
pub mod islands;
#[cfg(feature = "ssr")]
mod pages;
#[cfg_attr(feature = "ssr", path = "platform/server/mod.rs")]
#[cfg_attr(not(feature = "ssr"), path = "platform/browser/mod.rs")]
pub mod platform;
#[cfg(feature = "ssr")]
mod shell;
mod words;

// The words of every page in Korean and English. A page's language is fixed when it is rendered (switching
// posts a form and renders anew), so they are plain strings of a `Locale` and nothing reactive.
include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));

#[cfg(feature = "ssr")]
pub use app::App;
#[cfg(feature = "ssr")]
pub use i18n::Locale;
#[cfg(feature = "ssr")]
pub use shell::shell;
#[cfg(feature = "ssr")]
pub use words::degrees::Degrees;
