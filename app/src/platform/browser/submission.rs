//! Sends a form and takes over what the answering page says: values, and the words for the form.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Headers, RequestInit, Response, SubmitEvent};

use super::document::{named, seeds};
use super::renewal::{parse, replace};
use crate::context::Rooms;

/// Sends the form of the button that was pressed. If the answer cannot be shown in place (the session has ended, rooms
/// came or went), the browser loads the page anew; if there is none, `is_lost` is set.
pub fn send_form(event: &SubmitEvent, rooms: Option<Rooms>, is_busy: RwSignal<bool>, is_lost: RwSignal<bool>) {
    event.prevent_default();
    let Some((action, body)) = wanted(event) else { return };
    if is_busy.get_untracked() {
        return;
    }
    is_busy.set(true);
    is_lost.set(false);
    spawn_local(async move {
        match post(&action, &body).await {
            Ok(newer) => show(&newer, rooms),
            Err(_) => is_lost.set(true),
        }
        is_busy.set(false);
    });
}

/// Where to, and the name and value of the button.
fn wanted(event: &SubmitEvent) -> Option<(String, String)> {
    let form: Element = event.target()?.dyn_into().ok()?;
    let button: Option<Element> = event.submitter().map(JsCast::unchecked_into);
    let said = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
    let action = said("formaction").or_else(|| form.get_attribute("action"))?;
    let body = match (said("name"), said("value")) {
        (Some(name), Some(value)) => format!("{name}={value}"),
        _ => String::new(),
    };
    Some((action, body))
}

/// The page that answers.
async fn post(action: &str, body: &str) -> Result<Document, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/x-www-form-urlencoded")?;
    headers.set("accept", "text/html")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(body));
    let answer = JsFuture::from(window().fetch_with_str_and_init(action, &request)).await?;
    let answer: Response = answer.dyn_into()?;
    if answer.status() >= 500 {
        return Err(JsValue::NULL);
    }
    parse(&answer).await
}

fn show(newer: &Document, rooms: Option<Rooms>) {
    let is_same = match (seeds(newer), rooms) {
        (Some(seeds), Some(rooms)) => rooms.renew(seeds),
        _ => false,
    };
    if !is_same {
        // A refusal to load leaves the page as it is.
        let _ = window().location().reload();
        return;
    }
    replace(newer);
    let fresh = named(newer, "data-said");
    for (name, part) in named(&document(), "data-said") {
        if let Some((_, fresh)) = fresh.iter().find(|(other, _)| *other == name) {
            part.set_inner_html(&fresh.inner_html());
        }
    }
}
