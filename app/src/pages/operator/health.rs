//! `/operator/health`: how the installation is, for operators without Grafana. The same figures as `/metrics`.

use leptos::prelude::*;
use leptos_meta::Title;

use super::standing_words;
use crate::api::health::{HealthView, LettersView, OthersStanding, WeightView};
use crate::backend::{answer, backend, current_user};
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::pages::refusal::refused;
use crate::words::age::ago;

const HERE: &str = "/operator/health";
/// A letter that has waited longer means a mail server that does not take any.
const LETTER_PATIENCE_MS: i64 = 15 * 60 * 1000;
const MEGABYTE: u64 = 1_000_000;

/// `/operator/health`
#[component]
pub fn HealthPage() -> impl IntoView {
    let health = async move { backend().health(&current_user()?).await };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(health.await) {
                    Ok(health) => view! { <Health health /> }.into_any(),
                    Err(error) => refused(error, HERE),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Health(health: HealthView) -> impl IntoView {
    let locale = use_locale();
    let weights = match health.heaviest.clone() {
        Some(weights) => view! { <Weights weights /> }.into_any(),
        None => view! { <p class="settings__lead">{td_string!(locale, health.too_many)}</p> }.into_any(),
    };
    view! {
        <Title text=td_string!(locale, health.title) />
        <section class="settings">
            <p class="settings__back"><a href="/operator">{td_string!(locale, console.title)}</a></p>
            <h1>{td_string!(locale, health.title)}</h1>
            <p class="settings__lead">{td_string!(locale, health.lead)}</p>
            <dl class="vitals">{vitals(locale, &health)}</dl>
            <section class="settings__part" id="weights">
                <h2>{td_string!(locale, health.weights)}</h2>
                {weights}
            </section>
        </section>
    }
}

/// One line each: what it is, how it is, and whether somebody has to look.
fn vitals(locale: Locale, health: &HealthView) -> impl IntoView + use<> {
    let doors = if health.door_open {
        td_string!(locale, health.comes_in).to_owned()
    } else {
        td_string!(locale, health.shut).to_owned()
    };
    let intake = if health.intake_stuck {
        td_string!(locale, health.stuck).to_owned()
    } else {
        td_string!(locale, health.stored, n = health.intake_waiting)
    };
    let devices = health.devices;
    let counts = td_string!(
        locale,
        health.counts,
        online = devices.online,
        late = devices.late,
        offline = devices.offline,
        never = devices.never_seen
    );
    let megabytes = health.store_bytes.div_ceil(MEGABYTE);
    let (letters, letters_trouble) = letter_words(locale, health.letters);
    let (others, others_trouble) = other_words(locale, health.others);
    [
        line(td_string!(locale, health.door), doors, !health.door_open),
        line(td_string!(locale, health.intake), intake, health.intake_stuck),
        line(
            td_string!(locale, console.broker),
            standing_words(locale, health.broker).to_owned(),
            health.broker.is_trouble(),
        ),
        line(td_string!(locale, health.others), others, others_trouble),
        line(td_string!(locale, health.letters), letters, letters_trouble),
        line(td_string!(locale, health.devices), counts, false),
        line(
            td_string!(locale, health.watched),
            td_string!(locale, health.watched_count, n = health.watched),
            false,
        ),
        line(
            td_string!(locale, health.store),
            td_string!(locale, health.megabytes, n = megabytes),
            false,
        ),
    ]
    .into_iter()
    .collect_view()
}

fn letter_words(locale: Locale, letters: LettersView) -> (String, bool) {
    let Some(oldest_ms) = letters.oldest_ms else {
        return (td_string!(locale, health.no_letters, dead = letters.dead), false);
    };
    let oldest = ago(locale, oldest_ms);
    let words = td_string!(
        locale,
        health.letters_wait,
        n = letters.waiting,
        oldest = oldest,
        dead = letters.dead
    );
    (words, oldest_ms > LETTER_PATIENCE_MS)
}

fn other_words(locale: Locale, others: OthersStanding) -> (String, bool) {
    match others {
        OthersStanding::Alone => (td_string!(locale, health.alone).to_owned(), false),
        OthersStanding::Connected => (td_string!(locale, health.connected).to_owned(), false),
        OthersStanding::Unreachable => (td_string!(locale, health.others_away).to_owned(), true),
    }
}

fn line(name: &'static str, words: String, trouble: bool) -> AnyView {
    let class = if trouble { "vitals__trouble" } else { "" };
    let mark = if trouble { "⚠ " } else { "" };
    view! {
        <div>
            <dt>{name}</dt>
            <dd class=class>{mark}{words}</dd>
        </div>
    }
    .into_any()
}

#[component]
fn Weights(weights: Vec<WeightView>) -> impl IntoView {
    let locale = use_locale();
    let rows = weights.into_iter().map(|weight| {
        view! {
            <tr>
                <th scope="row">{weight.serial}</th>
                <td>{weight.readings}</td>
                <td>{weight.slots}</td>
                <td>{td_string!(locale, health.kilobytes, n = weight.bytes.div_ceil(1_000))}</td>
            </tr>
        }
    });
    view! {
        <table class="weights">
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, health.device)}</th>
                    <th scope="col">{td_string!(locale, health.readings)}</th>
                    <th scope="col">{td_string!(locale, health.slots)}</th>
                    <th scope="col">{td_string!(locale, health.disk)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}
