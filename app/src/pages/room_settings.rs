//! What people say of the device in a room: its name, where it stands, and how far it is off.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::commands::interval;
use super::form_words::form_problem;
use super::refusal::refused;
use crate::api::rooms::RoomSettings;
use crate::backend::{answer, backend, current_user};
use crate::components::{Field, Kind, Notice, ZoneField};
use crate::context::use_locale;
use crate::form::{FormAnswer, form_answer};
use crate::i18n::{Locale, td_string};

/// `/devices/{serial}/settings`
#[component]
pub fn RoomSettingsPage() -> impl IntoView {
    let serial = use_params_map().get_untracked().get("serial").unwrap_or_default();
    let here = format!("/devices/{serial}/settings");
    let user = match current_user() {
        Ok(user) => user,
        Err(error) => return refused(error, &here),
    };
    let backend = backend();
    let settings = async move { answer(backend.room_settings(user.id, serial).await) };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match settings.await {
                    Ok(settings) => view! { <Settings settings /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Settings(settings: RoomSettings) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("room-settings");
    let done = words.what_is_done().map(|_| td_string!(locale, room_settings.saved));
    let problem = words.problem_of("form").map(|reason| problem(locale, reason));
    let room = format!("/devices/{}", settings.serial);
    let release = format!("{room}/release");
    let gives_away = settings.may_release.then(|| {
        view! { <p class="form-page__aside"><a href=release>{td_string!(locale, release.title)}</a></p> }
    });
    let (name, action) = (settings.name.clone(), format!("{room}/settings"));
    let form = settings.may_change.then(|| {
        view! {
            <form method="post" action=action>
                {place(locale, &words, &settings)} {corrections(locale, &words, &settings)}
                <button class="button">{td_string!(locale, room_settings.save)}</button>
            </form>
        }
    });
    let interval = settings
        .may_change
        .then(|| interval(&settings.serial, settings.interval_s, settings.wanted.as_ref()));
    let looks_only = (!settings.may_change).then(|| td_string!(locale, room_settings.forbidden));
    view! {
        <Title text=td_string!(locale, room_settings.title) />
        <section class="form-page">
            <p class="settings__back"><a href=room>{name}</a></p>
            <h1>{td_string!(locale, room_settings.title)}</h1>
            <Notice done problem=problem.or(looks_only) />
            {interval}
            {form}
            {gives_away}
        </section>
    }
}

/// Where it stands.
fn place(locale: Locale, words: &FormAnswer, settings: &RoomSettings) -> AnyView {
    let value = |field: &str, known: String| Some(words.value_of(field).map_or(known, str::to_owned));
    let wrong = |field: &str, text: &'static str| words.problem_of(field).map(|_| text);
    view! {
        <Field
            name="name"
            label=td_string!(locale, claim.name)
            kind=Kind::TEXT
            value=value("name", settings.name.clone())
            hint=Some(td_string!(locale, claim.name_hint))
            problem=wrong("name", td_string!(locale, claim.name_wrong))
        />
        <Field
            name="room"
            label=td_string!(locale, claim.room)
            kind=Kind::TEXT
            value=value("room", settings.room.clone())
            hint=Some(td_string!(locale, claim.room_hint))
            problem=wrong("room", td_string!(locale, claim.name_wrong))
            optional=true
        />
        <Field
            name="position"
            label=td_string!(locale, room_settings.position)
            kind=Kind::NUMBER
            value=value("position", settings.position.to_string())
            hint=Some(td_string!(locale, room_settings.position_hint))
            problem=wrong("position", td_string!(locale, room_settings.number_wrong))
        />
        <ZoneField
            value=value("zone", settings.zone.clone()).unwrap_or_default()
            zones=backend().zones()
            is_wrong=words.problem_of("zone").is_some()
        />
    }
    .into_any()
}

/// How far it is off.
fn corrections(locale: Locale, words: &FormAnswer, settings: &RoomSettings) -> AnyView {
    let value = |field: &str, known: f64| Some(words.value_of(field).map_or(known.to_string(), str::to_owned));
    let wrong = |field: &str, text: &'static str| words.problem_of(field).map(|_| text);
    view! {
        <Field
            name="t_offset"
            label=td_string!(locale, room_settings.t_offset)
            kind=Kind::NUMBER
            value=value("t_offset", settings.t_offset)
            hint=Some(td_string!(locale, room_settings.offset_hint))
            problem=wrong("t_offset", td_string!(locale, room_settings.t_offset_wrong))
        />
        <Field
            name="h_offset"
            label=td_string!(locale, room_settings.h_offset)
            kind=Kind::NUMBER
            value=value("h_offset", settings.h_offset)
            problem=wrong("h_offset", td_string!(locale, room_settings.h_offset_wrong))
        />
    }
    .into_any()
}

fn problem(locale: Locale, reason: &str) -> &'static str {
    match reason {
        "forbidden" => td_string!(locale, room_settings.forbidden),
        "not-found" => td_string!(locale, trouble.not_found),
        other => form_problem(locale, other),
    }
}
