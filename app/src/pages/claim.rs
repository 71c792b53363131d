//! A new device comes home: by the QR code on its sticker, whose link fills the form, or typed from the sticker.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use super::refusal::refused;
use crate::backend::{backend, current_user};
use crate::components::{Field, Kind, Notice, ZoneField};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};

/// Where most of our homes are; whoever lives elsewhere says so.
const USUAL_ZONE: &str = "Asia/Seoul";

/// `/add`: serial and code are typed from the sticker.
#[component]
pub fn AddPage() -> impl IntoView {
    page("/add", "", "")
}

/// `/claim?serial=…&code=…`: what the QR code on the sticker opens. Whoever is not signed in comes back to it.
#[component]
pub fn ClaimPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let asked = |name: &str| query.get(name).unwrap_or_default();
    let (serial, code) = (asked("serial"), asked("code"));
    let here = format!("/claim?serial={}&code={}", Url::escape(&serial), Url::escape(&code));
    page(&here, &serial, &code)
}

fn page(here: &str, serial: &str, code: &str) -> AnyView {
    if let Err(error) = current_user() {
        return refused(error, here);
    }
    let locale = use_locale();
    let is_scanned = !serial.is_empty() && !code.is_empty();
    let answer = form_answer("claim");
    let problem = answer.problem_of("form").map(|reason| problem(locale, reason));
    let lead = if is_scanned {
        td_string!(locale, claim.lead_scanned)
    } else {
        td_string!(locale, claim.lead)
    };
    view! {
        <Title text=td_string!(locale, claim.title) />
        <section class="form-page">
            <h1>{td_string!(locale, claim.title)}</h1>
            <p class="form-page__lead">{lead}</p>
            <Notice problem />
            <form method="post" action="/claim">
                {sticker(locale, &answer, serial, code)} {place(locale, &answer)}
                <button class="button">{td_string!(locale, claim.submit)}</button>
            </form>
        </section>
    }
    .into_any()
}

/// What stands on the sticker.
fn sticker(locale: Locale, answer: &FormAnswer, serial: &str, code: &str) -> AnyView {
    view! {
        <Field
            name="serial"
            label=td_string!(locale, claim.serial)
            kind=Kind::TEXT
            value=filled(answer, "serial", serial)
            hint=Some("TL-7K3F9Q2M")
        />
        <Field
            name="code"
            label=td_string!(locale, claim.code)
            kind=Kind::TEXT
            value=filled(answer, "code", code)
            hint=Some("8XRM-4T0C-ZV5H")
        />
    }
    .into_any()
}

/// Where the device will stand.
fn place(locale: Locale, answer: &FormAnswer) -> AnyView {
    let wrong = |field: &str| answer.problem_of(field).map(|_| td_string!(locale, claim.name_wrong));
    view! {
        <Field
            name="name"
            label=td_string!(locale, claim.name)
            kind=Kind::TEXT
            value=filled(answer, "name", "")
            hint=Some(td_string!(locale, claim.name_hint))
            problem=wrong("name")
        />
        <Field
            name="room"
            label=td_string!(locale, claim.room)
            kind=Kind::TEXT
            value=filled(answer, "room", "")
            hint=Some(td_string!(locale, claim.room_hint))
            problem=wrong("room")
            optional=true
        />
        <ZoneField
            value=filled(answer, "zone", USUAL_ZONE).unwrap_or_default()
            zones=backend().zones()
            is_wrong=answer.problem_of("zone").is_some()
        />
    }
    .into_any()
}

/// What is in a box: what was typed into it, or else what we know.
fn filled(answer: &FormAnswer, field: &str, otherwise: &str) -> Option<String> {
    let value = answer.value_of(field).unwrap_or(otherwise);
    (!value.is_empty()).then(|| value.to_owned())
}

/// Why the device was not given.
fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "refused" => td_string!(locale, claim.refused),
        "limited" => td_string!(locale, claim.limited),
        _ => td_string!(locale, claim.unavailable),
    }
}
