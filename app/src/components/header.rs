//! The bar above every page: the way home, and whether the page is live.

use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::context::{Link, use_live, use_locale, use_page};
use crate::i18n::td_string;

/// Name of the site, state of the socket, and a stranger's way in.
#[component]
pub fn Header() -> impl IntoView {
    let locale = use_locale();
    let stranger = use_page().viewer.is_none();
    view! {
        <header class="bar">
            <a class="bar__home" href="/">
                <span class="bar__mark" aria-hidden="true"></span>
                {td_string!(locale, site.name)}
            </a>
            <LinkState />
            {stranger.then(|| view! { <a class="bar__sign-in" href="/sign-in">{td_string!(locale, site.sign_in)}</a> })}
        </header>
    }
}

/// Words appear only where something is to be known: that readings stream in, or that they stopped.
#[component]
fn LinkState() -> impl IntoView {
    let locale = use_locale();
    let live = use_live();
    let state = move || match live.link() {
        Link::Idle => "idle",
        Link::Connecting => "connecting",
        Link::Open => "open",
        Link::Lost => "lost",
    };
    let words = move || match live.link() {
        Link::Idle => "",
        Link::Connecting => td_string!(locale, live.connecting),
        Link::Open => td_string!(locale, live.on),
        Link::Lost => td_string!(locale, live.lost),
    };
    let lost = move || live.link() == Link::Lost;
    view! {
        <p class="link" role="status" data-link=state>
            {move || lost().then(|| view! { <Icon shape=Shape::Broken /> })}
            <span class="link__words">{words}</span>
        </p>
    }
}
