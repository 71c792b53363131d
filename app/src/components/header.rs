//! The bar above every page: the way home, whether the page is live, and the way to everything else.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::context::{use_locale, use_page};
use crate::i18n::td_string;
use crate::islands::{Icon, LinkState, Shape};

/// Name of the site, state of the socket, and the places to go; for a stranger the way in.
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
            {if stranger {
                view! { <a class="bar__sign-in" href="/sign-in">{td_string!(locale, site.sign_in)}</a> }.into_any()
            } else {
                view! { <Places /> }.into_any()
            }}
        </header>
    }
}

/// Icons with names for those who do not see them, or rest the pointer on them.
#[component]
fn Places() -> impl IntoView {
    let locale = use_locale();
    let here = use_location().pathname.get_untracked();
    let place = |path: &'static str, name: &'static str, shape: Shape| {
        let is_here = here.starts_with(path).then_some("page");
        view! {
            <a class="bar__place" href=path aria-label=name title=name aria-current=is_here>
                <Icon shape />
            </a>
        }
    };
    view! {
        <nav class="bar__places" aria-label=td_string!(locale, site.places)>
            {place("/alerts", td_string!(locale, alerts.title), Shape::Bell)}
            {place("/settings", td_string!(locale, settings.title), Shape::Sliders)}
        </nav>
    }
}
