//! Asking the browser for an address at its push service.

use js_sys::{JSON, Reflect};
use leptos::html::{Form, Input};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Notification, NotificationPermission, PushSubscription, PushSubscriptionOptionsInit, ServiceWorkerRegistration,
};

use crate::context::PushHindrance;

/// Shows notifications, and keeps the address alive.
const WORKER: &str = "/sw.js";

/// As `PushSubscription.toJSON()` has it.
#[derive(Deserialize)]
struct Address {
    endpoint: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// What keeps this browser from being told, as far as one can know before asking.
pub fn find_push_hindrance() -> Option<PushHindrance> {
    let window = window();
    let has = |name: &str| Reflect::has(&window, &name.into()).unwrap_or(false);
    if !window.is_secure_context() {
        return Some(PushHindrance::Insecure);
    }
    if has("PushManager") && has("Notification") && has("ServiceWorkerRegistration") {
        let is_denied = Notification::permission() == NotificationPermission::Denied;
        return is_denied.then_some(PushHindrance::Denied);
    }
    if is_apple_handheld() {
        Some(PushHindrance::NotInstalled)
    } else {
        Some(PushHindrance::Unsupported)
    }
}

/// An iPad calls itself a Mac, which has no touch screen.
fn is_apple_handheld() -> bool {
    let navigator = window().navigator();
    let name = navigator.user_agent().unwrap_or_default();
    let has_touch = navigator.max_touch_points() > 1;
    name.contains("iPhone") || name.contains("iPad") || (name.contains("Macintosh") && has_touch)
}

/// Asks; the form is sent with the address, or `hindrance` is set and the button is `ready` again.
pub fn switch_push_on(
    key: String,
    form: NodeRef<Form>,
    fields: [NodeRef<Input>; 3],
    hindrance: RwSignal<Option<PushHindrance>>,
    ready: RwSignal<bool>,
) {
    spawn_local(async move {
        let Ok(address) = subscribe(&key).await else {
            // Whoever has just said no is told how to take it back.
            hindrance.set(find_push_hindrance().or(Some(PushHindrance::Failed)));
            ready.set(true);
            return;
        };
        let values = [&address.endpoint, &address.keys.p256dh, &address.keys.auth];
        for (field, value) in fields.iter().zip(values) {
            if let Some(field) = field.get_untracked() {
                field.set_value(value);
            }
        }
        if let Some(form) = form.get_untracked() {
            // `submit` skips no check that matters: the server makes them all.
            let _ = form.submit();
        }
    });
}

/// Gets an address. One that is there already was made for another key, or is unknown to the server: it gives way.
async fn subscribe(key: &str) -> Result<Address, JsValue> {
    JsFuture::from(Notification::request_permission()?).await?;
    let workers = window().navigator().service_worker();
    JsFuture::from(workers.register(WORKER)).await?;
    let worker: ServiceWorkerRegistration = JsFuture::from(workers.ready()?).await?.unchecked_into();
    let manager = worker.push_manager()?;
    let there = JsFuture::from(manager.get_subscription()?).await?;
    if !there.is_null() {
        let there: PushSubscription = there.unchecked_into();
        JsFuture::from(there.unsubscribe()?).await?;
    }
    let options = PushSubscriptionOptionsInit::new();
    options.set_user_visible_only(true);
    options.set_application_server_key_opt_str(Some(key));
    let made = JsFuture::from(manager.subscribe_with_options(&options)?).await?;
    let text = JSON::stringify(&made)?.as_string().unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| error.to_string().into())
}
