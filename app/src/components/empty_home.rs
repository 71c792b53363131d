//! A home without a device: three steps to the first one.

use leptos::prelude::*;

use crate::context::{use_locale, use_page};
use crate::i18n::td_string;

/// What to do first.
#[component]
pub fn EmptyHome() -> impl IntoView {
    let locale = use_locale();
    let viewer = use_page().viewer.unwrap_or_default();
    let step = |title: &'static str, text: &'static str| {
        view! {
            <li class="steps__step">
                <h2>{title}</h2>
                <p>{text}</p>
            </li>
        }
    };
    view! {
        <section class="steps" data-awaits-room="true">
            <h1>{td_string!(locale, empty.title)}</h1>
            <p class="steps__lead">{td_string!(locale, empty.lead)}</p>
            <ol>
                {step(td_string!(locale, empty.step_power), td_string!(locale, empty.step_power_text))}
                {step(td_string!(locale, empty.step_wifi), td_string!(locale, empty.step_wifi_text))}
                {step(td_string!(locale, empty.step_claim), td_string!(locale, empty.step_claim_text))}
            </ol>
            <a class="button" href="/add">{td_string!(locale, empty.add)}</a>
            <p class="steps__waiting">{td_string!(locale, empty.waiting)}</p>
            <details class="steps__simulator">
                <summary>{td_string!(locale, empty.simulator)}</summary>
                <p>{td_string!(locale, empty.simulator_text)}</p>
                <pre tabindex="0"><code>{simulator(&viewer)}</code></pre>
            </details>
        </section>
    }
}

/// What whoever runs this server types to see a room without owning a device.
fn simulator(email: &str) -> String {
    format!(
        "templog product create --count 1 --owner {email} > room.json\n\
         templog-simulator --credentials room.json --file firmware/simulator/rooms/house.csv --speed 60"
    )
}
