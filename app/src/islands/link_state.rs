//! Whether readings stream in. Words appear only where something is to be known.

use leptos::prelude::*;

use super::{Icon, Shape};
use crate::context::{Link, use_link, use_locale};
use crate::i18n::td_string;

/// "실시간", or "연결 끊김 — 다시 연결 중".
#[island]
pub fn LinkState() -> impl IntoView {
    let locale = use_locale();
    let link = use_link();
    let state = move || match link.get() {
        Link::Idle => "idle",
        Link::Connecting => "connecting",
        Link::Open => "open",
        Link::Lost => "lost",
    };
    let words = move || match link.get() {
        Link::Idle => "",
        Link::Connecting => td_string!(locale, live.connecting),
        Link::Open => td_string!(locale, live.on),
        Link::Lost => td_string!(locale, live.lost),
    };
    view! {
        <p class="link" role="status" data-link=state>
            <Icon shape=Shape::Broken />
            <span>{words}</span>
        </p>
    }
}
