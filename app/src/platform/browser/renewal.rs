//! Fetches the page's newer rendering and takes over what the socket does not tell: averages, trends, the last
//! 24 hours. The server draws; the browser only puts it in place.

use leptos::prelude::{document, window};
use leptos::task::spawn_local;
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, DomParser, Response, SupportedType};

use super::document::{renewable, seeds};
use crate::context::Rooms;

/// Renews the page. When that fails, it stays as it is, and every value tells its own age; when the server
/// answers with another page (the session has ended, rooms came or went), the browser goes there.
pub fn renew(rooms: Rooms) {
    spawn_local(async move {
        let Ok(Some(newer)) = fetch().await else { return };
        if seeds(&newer).is_some_and(|seeds| rooms.renew(seeds)) {
            replace(&newer);
        } else {
            // A refusal to load leaves the page as it is.
            let _ = window().location().reload();
        }
    });
}

/// The page as the server would render it now; `None` while the server is in trouble.
async fn fetch() -> Result<Option<Document>, JsValue> {
    let address = window().location().href()?;
    let response: Response = wasm_bindgen_futures::JsFuture::from(window().fetch_with_str(&address))
        .await?
        .dyn_into()?;
    if response.status() >= 500 {
        return Ok(None);
    }
    parse(&response).await.map(Some)
}

/// The page that an answer holds.
pub(super) async fn parse(response: &Response) -> Result<Document, JsValue> {
    let html = wasm_bindgen_futures::JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml)
}

/// Puts the parts of a newer rendering in the place of the present ones.
pub(super) fn replace(newer: &Document) {
    let newer = renewable(newer);
    for (name, part) in renewable(&document()) {
        if let Some((_, fresh)) = newer.iter().find(|(other, _)| *other == name) {
            part.set_inner_html(&fresh.inner_html());
        }
    }
}
