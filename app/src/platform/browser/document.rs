//! Reads from a document what the server printed there.

use std::str::FromStr;

use leptos::prelude::document;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::api::rooms::Seed;
use crate::context::{Page, Theme};
use crate::i18n::Locale;
use crate::words::degrees::Degrees;

/// The circumstances of the page that was served.
pub fn page() -> Page {
    let root = root();
    let data = |name: &str| root.as_ref().and_then(|root| root.dataset().get(name));
    let language = root.as_ref().map(HtmlElement::lang).unwrap_or_default();
    Page {
        locale: Locale::from_str(&language).unwrap_or_default(),
        theme: data("theme").map_or(Theme::Auto, |name| Theme::named(&name)),
        degrees: data("degrees").map(|name| Degrees::named(&name)).unwrap_or_default(),
        viewer: data("viewer"),
        served_at: data("now").and_then(|now| now.parse().ok()).unwrap_or_default(),
    }
}

/// Where the files of this page's edition are.
pub fn files() -> String {
    root().and_then(|root| root.dataset().get("files")).unwrap_or_default()
}

fn root() -> Option<HtmlElement> {
    document()
        .document_element()
        .and_then(|root| root.dyn_into::<HtmlElement>().ok())
}

/// The rooms of a document; a page without rooms has none.
pub fn seeds(document: &Document) -> Option<Vec<Seed>> {
    let json = document.get_element_by_id("rooms")?.get_attribute("data-seeds")?;
    serde_json::from_str(&json).ok()
}

/// The parts of a document that a newer rendering replaces, with their names.
pub fn renewable(document: &Document) -> Vec<(String, Element)> {
    named(document, "data-renewed")
}

/// The parts of a document that have this attribute, with what it says.
pub fn named(document: &Document, attribute: &str) -> Vec<(String, Element)> {
    let Ok(found) = document.query_selector_all(&format!("[{attribute}]")) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|nth| found.item(nth)?.dyn_into::<Element>().ok())
        .filter_map(|part| Some((part.get_attribute(attribute)?, part)))
        .collect()
}
