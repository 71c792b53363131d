//! What happened in all rooms, and who was told.

use leptos::prelude::*;
use leptos_meta::Title;

use super::item::item;
use crate::api::alerts::{AlertView, Reader};
use crate::backend::{answer, backend, current_user};
use crate::components::Notice;
use crate::context::{use_degrees, use_locale};
use crate::form::form_answer;
use crate::i18n::td_string;
use crate::pages::refusal::refused;

/// `/alerts`
#[component]
pub fn AlertsPage() -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let alerts = async move {
        let who = current_user()?.id;
        backend().alerts(who, Reader { locale, degrees }).await
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(alerts.await) {
                    Ok(alerts) => view! { <Log alerts /> }.into_any(),
                    Err(error) => refused(error, "/alerts"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Log(alerts: Vec<AlertView>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("alerts");
    let done = words.what_is_done().map(|_| td_string!(locale, alerts.acknowledged));
    let problem = words.problem_of("form").map(|reason| match reason {
        "forbidden" => td_string!(locale, rules.look_only),
        "gone" => td_string!(locale, alerts.gone),
        _ => td_string!(locale, account.unavailable),
    });
    let empty = alerts.is_empty();
    view! {
        <Title text=td_string!(locale, alerts.title) />
        <section class="settings">
            <h1>{td_string!(locale, alerts.title)}</h1>
            <p class="settings__lead">{td_string!(locale, alerts.lead)}</p>
            <Notice done problem />
            {empty.then(|| view! { <p class="settings__part">{td_string!(locale, alerts.none)}</p> })}
            <ul class="alerts">{alerts.into_iter().map(item).collect_view()}</ul>
        </section>
    }
}
