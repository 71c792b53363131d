//! Says that what is shown was recorded elsewhere, so that nobody takes it for their home.

use leptos::prelude::*;

use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};

/// "데모예요"
#[component]
pub fn DemoBanner() -> impl IntoView {
    let locale = use_locale();
    view! {
        <aside class="demo" data-demo="true">
            <Icon shape=Shape::Replay />
            <p>
                <strong>{td_string!(locale, demo.title)}</strong>
                " "
                {td_string!(locale, demo.text)}
            </p>
        </aside>
    }
}
