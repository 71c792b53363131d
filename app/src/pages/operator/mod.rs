//! The operator console: what was made, how the broker stands, and a form that makes more.

mod health;
mod labels;
mod order;
mod shelf;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::refusal::refused;
use crate::api::console::{BrokerStanding, BrokerView, ConsoleView};
use crate::backend::{answer, backend, current_user};
use crate::components::{Field, Kind, Notice};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};
use shelf::Shelf;

pub use health::HealthPage;
pub use labels::LabelsPage;
pub use order::OrderPage;

const HERE: &str = "/operator";
/// As many labels as a sheet has.
const USUAL_COUNT: &str = "24";
const USUAL_MODEL: &str = "DHT22-ESP32";

/// `/operator?search=7K3F&page=1`
#[component]
pub fn OperatorPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let search = query.get("search").unwrap_or_default();
    let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(0);
    let console = async move {
        let user = current_user()?;
        let console = backend().console(&user, &search, page).await?;
        Ok((console, search))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(console.await) {
                    Ok((console, search)) => view! { <Console console search page /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Console(console: ConsoleView, search: String, page: u32) -> impl IntoView {
    let locale = use_locale();
    let ConsoleView {
        order_key,
        broker,
        products,
        has_older,
    } = console;
    view! {
        <Title text=td_string!(locale, console.title) />
        <section class="settings">
            <p class="settings__back"><a href="/settings">{td_string!(locale, settings.title)}</a></p>
            <h1>{td_string!(locale, console.title)}</h1>
            <p class="settings__lead">{td_string!(locale, console.lead)}</p>
            <p><a href="/operator/health">{td_string!(locale, health.title)}</a></p>
            <Broker broker />
            <Make order_key />
            <Shelf products search page has_older />
        </section>
    }
}

#[component]
fn Broker(broker: BrokerView) -> impl IntoView {
    let locale = use_locale();
    let class = if broker.standing.is_trouble() {
        "notice notice--problem"
    } else {
        "notice"
    };
    let detail = broker
        .detail
        .map(|detail| view! { <p class="settings__lead">{detail}</p> });
    let pending =
        (broker.pending > 0).then(|| view! { <p>{td_string!(locale, console.waiting, n = broker.pending)}</p> });
    let strangers = (broker.strangers > 0).then(|| {
        let names = broker.stranger_names.join(", ");
        view! { <p>{td_string!(locale, console.strangers, n = broker.strangers, names = names)}</p> }
    });
    view! {
        <section class="settings__part" id="broker">
            <h2>{td_string!(locale, console.broker)}</h2>
            <p class=class>{standing_words(locale, broker.standing)}</p>
            {detail}
            {pending}
            {strangers}
        </section>
    }
}

fn standing_words(locale: Locale, standing: BrokerStanding) -> &'static str {
    match standing {
        BrokerStanding::AsksUs => td_string!(locale, console.asks_us),
        BrokerStanding::Agreed => td_string!(locale, console.agreed),
        BrokerStanding::Comparing => td_string!(locale, console.comparing),
        BrokerStanding::ByHand => td_string!(locale, console.by_hand),
        BrokerStanding::NoRights => td_string!(locale, console.no_rights),
        BrokerStanding::Unreachable => td_string!(locale, console.unreachable),
        BrokerStanding::Forgetful => td_string!(locale, console.forgetful),
        BrokerStanding::Elsewhere => td_string!(locale, console.elsewhere),
    }
}

#[component]
fn Make(order_key: String) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("order");
    let problem = words.problem_of("form").map(|reason| match reason {
        "changed" => td_string!(locale, console.changed),
        _ => td_string!(locale, account.unavailable),
    });
    view! {
        <section class="settings__part" id="make">
            <h2>{td_string!(locale, console.make)}</h2>
            <Notice problem />
            <form method="post" action="/operator/products">
                <input type="hidden" name="key" value=order_key />
                <Field
                    name="count"
                    label=td_string!(locale, console.count)
                    kind=Kind::NUMBER
                    hint=Some(td_string!(locale, console.count_hint))
                    value=Some(filled(&words, "count", USUAL_COUNT))
                    problem=words.problem_of("count").map(|_| td_string!(locale, console.count_wrong))
                />
                <Field
                    name="model"
                    label=td_string!(locale, console.model)
                    kind=Kind::TEXT
                    value=Some(filled(&words, "model", USUAL_MODEL))
                    problem=words.problem_of("model").map(|_| td_string!(locale, console.model_wrong))
                />
                <button class="button">{td_string!(locale, console.submit)}</button>
            </form>
        </section>
    }
}

fn filled(words: &FormAnswer, field: &str, otherwise: &str) -> String {
    words.value_of(field).unwrap_or(otherwise).to_owned()
}
