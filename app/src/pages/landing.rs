//! What a stranger sees at `/`: what this is, a room to look at, and the way in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::backend::backend;
use crate::components::Showcase;
use crate::context::use_locale;
use crate::i18n::td_string;

/// The promise in one sentence, what it looks like, and what stands behind it.
#[component]
pub fn Landing() -> impl IntoView {
    let locale = use_locale();
    let backend = backend();
    // A store that cannot be asked is no reason to turn a stranger away: there is a recorded room, too.
    let room = async move { backend.showcase().await.ok().flatten() };
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
            <div class="landing__words">
                <h1>{td_string!(locale, landing.headline)}</h1>
                <p class="landing__lead">{td_string!(locale, landing.lead)}</p>
                <p class="landing__ways">
                    <a class="button" href="/sign-up">{td_string!(locale, landing.sign_up)}</a>
                    <a class="button button--quiet" href="/sign-in">{td_string!(locale, landing.sign_in)}</a>
                </p>
            </div>
            <Suspense>
                {Suspend::new(async move { view! { <Showcase room=room.await /> } })}
            </Suspense>
            <ul class="landing__points">
                {point(td_string!(locale, landing.now_title), td_string!(locale, landing.now_text))}
                {point(td_string!(locale, landing.today_title), td_string!(locale, landing.today_text))}
                {point(td_string!(locale, landing.honest_title), td_string!(locale, landing.honest_text))}
                {point(td_string!(locale, landing.own_title), td_string!(locale, landing.own_text))}
            </ul>
        </section>
    }
}
