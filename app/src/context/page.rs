//! What was fixed when the document was rendered: language, theme, who looks at it, and when.
//!
//! The server knows it from the request and prints it on `<html>`; the browser reads it from there. So both
//! sides render the same, and no component needs to wait for it.

use leptos::prelude::*;

use crate::i18n::Locale;
use crate::words::degrees::Degrees;

/// The circumstances of this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Language of every word.
    pub locale: Locale,
    /// Light, dark, or whatever the device prefers.
    pub theme: Theme,
    /// The unit of every temperature.
    pub degrees: Degrees,
    /// E-mail address of the person signed in; a stranger has none.
    pub viewer: Option<String>,
    /// The server's clock when it answered, Unix ms.
    pub served_at: i64,
}

/// Which colours to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device prefers.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The name used in the cookie, in forms and on `<html>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name; anything unknown is [`Theme::Auto`].
    pub fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// The circumstances of the page being rendered.
pub fn use_page() -> Page {
    expect_context()
}

/// The language of the page being rendered.
pub fn use_locale() -> Locale {
    use_page().locale
}

/// The unit in which the page being rendered writes temperatures.
pub fn use_degrees() -> Degrees {
    use_page().degrees
}
