//! Devices that have just left their home, with what their next owner needs: shown this once.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::form::{FormAnswer, Released};
use crate::i18n::td_string;

/// What was given out; nothing if nothing was.
#[component]
pub fn ReleasedDevices(answer: FormAnswer) -> impl IntoView {
    let released = answer.what_is_released().to_vec();
    if released.is_empty() {
        return ().into_any();
    }
    let locale = use_locale();
    let items = released.into_iter().map(|device| view! { <Device device /> });
    view! {
        <section class="settings__part" id="released">
            <h2>{td_string!(locale, release.for_the_next)}</h2>
            <p class="settings__lead">{td_string!(locale, release.once)}</p>
            <ul class="sessions">{items.collect_view()}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Device(device: Released) -> impl IntoView {
    let locale = use_locale();
    view! {
        <li class="sessions__item">
            <div class="made">
                <strong>{device.serial}</strong>
                <dl>
                    <dt>{td_string!(locale, claim.code)}</dt>
                    <dd><code class="token">{device.claim_code}</code></dd>
                    <dt>{td_string!(locale, console.password)}</dt>
                    <dd><code class="token">{device.password}</code></dd>
                </dl>
            </div>
        </li>
    }
}
