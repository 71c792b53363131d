//! Reads from `<html>` what the server printed there.

use std::str::FromStr;

use leptos::prelude::{document, window};
use leptos_router::location::Url;
use web_sys::HtmlElement;
use web_sys::wasm_bindgen::JsCast;

use crate::context::{Page, Theme};
use crate::i18n::Locale;

/// The circumstances of the page that was served.
pub fn page() -> Page {
    let root = document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let data = |name: &str| root.as_ref().and_then(|root| root.dataset().get(name));
    let language = root.as_ref().map(HtmlElement::lang).unwrap_or_default();
    Page {
        locale: Locale::from_str(&language).unwrap_or_default(),
        theme: data("theme").map_or(Theme::Auto, |name| Theme::named(&name)),
        viewer: data("viewer"),
        served_at: data("now").and_then(|now| now.parse().ok()).unwrap_or_default(),
    }
}

/// Leaves the page: the session has ended, and only a new document can begin another.
pub fn leave_for_sign_in(next: &str) {
    // A browser that refuses to navigate leaves the page as it is, which says what happened.
    let _ = window()
        .location()
        .assign(&format!("/sign-in?next={}", Url::escape(next)));
}
