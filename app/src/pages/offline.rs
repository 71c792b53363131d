//! What is shown when the server cannot be reached: the values this browser was told last, each with its age. The page is
//! kept by the browser (`public/sw/offline.js`) as a stranger sees it; `public/kept.js` fills it in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};
use crate::shell::Files;

/// `/offline`
#[component]
pub fn OfflinePage() -> impl IntoView {
    let locale = use_locale();
    view! {
        <Title text=td_string!(locale, offline.title) />
        <section class="status status--look" data-offline="true">
            <span class="status__mark">
                <Icon shape=Shape::Broken />
            </span>
            <div class="status__words">
                <h1 class="status__headline">{td_string!(locale, offline.title)}</h1>
                <p class="status__detail">{td_string!(locale, offline.text)}</p>
            </div>
        </section>
        <div data-offline="true">
            <ul class="cards"></ul>
            <p class="offline__none" data-none-kept="true">{td_string!(locale, offline.none)}</p>
            <p class="more">
                <button class="button" type="button" data-again="true">{td_string!(locale, trouble.retry)}</button>
            </p>
            <noscript>
                <p><a href="/">{td_string!(locale, trouble.home)}</a></p>
            </noscript>
        </div>
        <KeptRoom />
        <script type="module" src=Files::address("kept.js")></script>
    }
}

/// One room as it was told last; its words are put in by the script.
#[component]
fn KeptRoom() -> impl IntoView {
    let locale = use_locale();
    view! {
        <template id="kept-room">
            <li>
                <article class="card card--stale">
                    <div class="card__head">
                        <h2 class="card__name"></h2>
                        <time class="freshness freshness--stale"></time>
                    </div>
                    <p class="reading">
                        <span class="reading__t">
                            <span class="visually-hidden">{td_string!(locale, card.temperature)} " "</span>
                            <span data-t="true"></span>
                            <small data-unit="true"></small>
                        </span>
                        <span class="reading__h">
                            <span class="visually-hidden">{td_string!(locale, card.humidity)} " "</span>
                            <span data-h="true"></span>
                            <small>{td_string!(locale, unit.percent)}</small>
                        </span>
                    </p>
                </article>
            </li>
        </template>
    }
}
