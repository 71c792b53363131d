//! A button behind which the browser asks whether it may show notifications. Without script there is none: browsers
//! have no other way, and ask only whoever has just tapped something.

use leptos::html::{Form, Input};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::context::PushHindrance;
use crate::platform;

/// What is said beside the button.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PushWords {
    /// Nothing is in the way.
    pub ready: String,
    /// See [`PushHindrance`].
    pub unsupported: String,
    /// See [`PushHindrance`].
    pub insecure: String,
    /// See [`PushHindrance`].
    pub not_installed: String,
    /// See [`PushHindrance`].
    pub denied: String,
    /// See [`PushHindrance`].
    pub failed: String,
}

impl PushWords {
    fn about(&self, hindrance: Option<PushHindrance>) -> String {
        let words = match hindrance {
            None => &self.ready,
            Some(PushHindrance::Unsupported) => &self.unsupported,
            Some(PushHindrance::Insecure) => &self.insecure,
            Some(PushHindrance::NotInstalled) => &self.not_installed,
            Some(PushHindrance::Denied) => &self.denied,
            Some(PushHindrance::Failed) => &self.failed,
        };
        words.clone()
    }
}

/// Sends its form once the browser has given an address at its push service.
#[island]
pub fn PushSwitch(
    /// What the browser is told to trust.
    key: String,
    /// Where the address goes.
    action: String,
    /// On the button.
    label: String,
    /// Beside it.
    words: PushWords,
) -> impl IntoView {
    let form = NodeRef::<Form>::new();
    let fields = [NodeRef::<Input>::new(), NodeRef::new(), NodeRef::new()];
    let [endpoint, p256dh, auth] = fields;
    let is_ready = RwSignal::new(false);
    let hindrance = RwSignal::new(None);
    Effect::new(move |_| {
        hindrance.set(platform::find_push_hindrance());
        is_ready.set(true);
    });
    let press = move |_| {
        is_ready.set(false);
        platform::switch_push_on(key.clone(), form, fields, hindrance, is_ready);
    };
    let is_open = move || is_ready.get() && matches!(hindrance.get(), None | Some(PushHindrance::Failed));
    view! {
        <form method="post" action=action node_ref=form>
            <input type="hidden" name="endpoint" node_ref=endpoint />
            <input type="hidden" name="p256dh" node_ref=p256dh />
            <input type="hidden" name="auth" node_ref=auth />
            <p class="push__hint" role="status">{move || words.about(hindrance.get())}</p>
            <button class="button" type="button" disabled=move || !is_open() on:click=press>
                {label}
            </button>
        </form>
    }
}
