//! What only an installed or installable app has to say. Hidden until `public/installed.js` finds a reason.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::i18n::td_string;

/// "새 버전이 있어요" with a way to take it.
#[component]
pub fn UpdateToast() -> impl IntoView {
    let locale = use_locale();
    view! {
        <div role="status">
            <p class="toast" data-toast="update" hidden=true>
                {td_string!(locale, installed.newer)}
                <button class="toast__act" type="button">{td_string!(locale, installed.reload)}</button>
            </p>
        </div>
    }
}

/// The way to the home screen, where the browser offers one and for those who are signed in.
#[component]
pub fn InstallOffer() -> impl IntoView {
    let locale = use_locale();
    view! {
        <div class="install" data-install="true" hidden=true>
            <p>{td_string!(locale, installed.offer)}</p>
            <p data-install-by-hand="true" hidden=true>{td_string!(locale, installed.by_hand)}</p>
            <button class="button button--quiet" type="button" hidden=true>{td_string!(locale, installed.install)}</button>
        </div>
    }
}
