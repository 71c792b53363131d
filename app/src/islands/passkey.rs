//! A button behind which the browser asks for a passkey. Without script there is none: browsers have no other way.

use leptos::html::{Form, Input};
use leptos::prelude::*;

use crate::platform;

/// Sends the form it is in once the browser has answered.
#[island]
pub fn PasskeyButton(
    /// What the browser is asked, JSON.
    options: String,
    /// Whether a new one is made, or one is used.
    create: bool,
    /// Where the answer goes.
    action: String,
    /// On the button.
    label: String,
    /// If the browser knows no passkeys, or its owner has thought better of it.
    refused: String,
    /// Other fields of the form.
    children: Children,
) -> impl IntoView {
    let (form, answer) = (NodeRef::<Form>::new(), NodeRef::<Input>::new());
    let is_ready = RwSignal::new(false);
    let is_refused = RwSignal::new(false);
    Effect::new(move |_| is_ready.set(true));
    let press = move |_| {
        is_refused.set(false);
        platform::ask_for_passkey(options.clone(), create, form, answer, is_refused);
    };
    view! {
        <form method="post" action=action node_ref=form>
            {children()}
            <input type="hidden" name="credential" node_ref=answer />
            <p role="alert" class="field__problem">{move || is_refused.get().then(|| refused.clone())}</p>
            <button class="button" type="button" disabled=move || !is_ready.get() on:click=press>
                {label}
            </button>
        </form>
    }
}
