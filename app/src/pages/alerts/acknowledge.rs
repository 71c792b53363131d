//! Where the link of a letter leads: what it tells, and a button. Programs that look into letters press no buttons.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::item::item;
use crate::api::alerts::{AlertView, Reader};
use crate::backend::{answer, backend};
use crate::context::{use_degrees, use_locale};
use crate::error::AppError;
use crate::i18n::td_string;

/// `/alerts/acknowledge?letter=…`, for whoever holds the letter, signed in or not.
#[component]
pub fn AcknowledgePage() -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let token = use_query_map().get_untracked().get("letter").unwrap_or_default();
    let letter = {
        let token = token.clone();
        async move {
            // Somebody may type the address: that is no letter, and no error either.
            match backend().letter(token, Reader { locale, degrees }).await {
                Err(AppError::NotFound | AppError::Forbidden) => Ok(Vec::new()),
                other => other,
            }
        }
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(letter.await) {
                    Ok(alerts) => view! { <Letter alerts token /> }.into_any(),
                    Err(error) => crate::pages::refusal::refused(error, "/alerts"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Letter(alerts: Vec<AlertView>, token: String) -> impl IntoView {
    let locale = use_locale();
    let open = alerts.iter().any(|alert| alert.acknowledged.is_none());
    let lead = match (alerts.is_empty(), open) {
        (true, _) => td_string!(locale, alerts.letter_unknown),
        (false, true) => td_string!(locale, alerts.letter_lead),
        (false, false) => td_string!(locale, alerts.letter_done),
    };
    let button = open.then(|| {
        view! {
            <form method="post" action="/alerts/acknowledge">
                <input type="hidden" name="letter" value=token />
                <button class="button">{td_string!(locale, alerts.acknowledge)}</button>
            </form>
        }
    });
    view! {
        <Title text=td_string!(locale, alerts.letter_title) />
        <section class="settings">
            <h1>{td_string!(locale, alerts.letter_title)}</h1>
            <p class="settings__lead" role="status">{lead}</p>
            {button}
            <ul class="alerts">{alerts.into_iter().map(item).collect_view()}</ul>
            <p class="settings__back">
                <a href="/alerts">{td_string!(locale, alerts.title)}</a>
            </p>
        </section>
    }
}
