//! A home without a device: three steps to the first one.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::i18n::td_string;

/// What to do first.
#[component]
pub fn EmptyHome() -> impl IntoView {
    let locale = use_locale();
    let step = |title: &'static str, text: &'static str| {
        view! {
            <li class="steps__step">
                <h2>{title}</h2>
                <p>{text}</p>
            </li>
        }
    };
    view! {
        <section class="steps">
            <h1>{td_string!(locale, empty.title)}</h1>
            <p class="steps__lead">{td_string!(locale, empty.lead)}</p>
            <ol>
                {step(td_string!(locale, empty.step_power), td_string!(locale, empty.step_power_text))}
                {step(td_string!(locale, empty.step_wifi), td_string!(locale, empty.step_wifi_text))}
                {step(td_string!(locale, empty.step_claim), td_string!(locale, empty.step_claim_text))}
            </ol>
            <a class="button" href="/add">{td_string!(locale, empty.add)}</a>
        </section>
    }
}
