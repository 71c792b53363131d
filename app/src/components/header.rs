//! The bar above every page: the way home, and whether the page is live.

use leptos::prelude::*;

use crate::context::{use_locale, use_page};
use crate::i18n::td_string;
use crate::islands::LinkState;

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
