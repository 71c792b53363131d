//! What a stranger sees at `/`: what this is, and the way in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};

/// The promise in one sentence, and what stands behind it.
#[component]
pub fn Landing() -> impl IntoView {
    let locale = use_locale();
    let point = |title: &'static str, text: &'static str| {
        view! {
            <li>
                <h2>{title}</h2>
                <p>{text}</p>
            </li>
        }
    };
    view! {
        <Title text=td_string!(locale, site.description) />
        <section class="landing">
            <span class="landing__mark"><Icon shape=Shape::Check /></span>
            <h1>{td_string!(locale, landing.headline)}</h1>
            <p class="landing__lead">{td_string!(locale, landing.lead)}</p>
            <a class="button" href="/sign-in">{td_string!(locale, landing.sign_in)}</a>
            <a class="button button--quiet" href="/sign-up">{td_string!(locale, landing.sign_up)}</a>
            <ul class="landing__points">
                {point(td_string!(locale, landing.now_title), td_string!(locale, landing.now_text))}
                {point(td_string!(locale, landing.today_title), td_string!(locale, landing.today_text))}
                {point(td_string!(locale, landing.honest_title), td_string!(locale, landing.honest_text))}
                {point(td_string!(locale, landing.own_title), td_string!(locale, landing.own_text))}
            </ul>
        </section>
    }
}
