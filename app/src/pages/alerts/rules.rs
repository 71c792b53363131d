//! What is told about one room: worries one tap away, and every rule as a sentence to fill in.

use domain::alert::Preset;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use super::rule_form::{Trial, rule_box};
use crate::api::alerts::{PresetView, RuleForm, RulesView};
use crate::backend::{answer, backend, current_user};
use crate::components::Notice;
use crate::context::{use_degrees, use_locale};
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::islands::{Icon, Shape};
use crate::pages::refusal::refused;
use crate::words::rule;

/// Every kind that people make themselves.
const KINDS: [&str; 4] = ["above", "below", "change", "offline"];

/// `/devices/{serial}/alerts`; with a query, a rule that is being tried.
#[component]
pub fn RulesPage() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let serial = use_params_map().read_untracked().get("serial").unwrap_or_default();
    let tried = tried();
    let trial = tried.as_ref().and_then(|(_, form)| form.rule().ok());
    let rules = async move {
        let who = current_user()?.id;
        backend().rules(who, serial, trial).await
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(rules.await) {
                    Ok(rules) => view! { <Rules rules tried /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The rule in the query, and the number of the one it would replace.
fn tried() -> Option<(Option<i64>, RuleForm)> {
    let query = use_query_map().get_untracked();
    let field = |name: &str| query.get(name).unwrap_or_default();
    let form = RuleForm {
        kind: field("kind"),
        metric: field("metric"),
        number: field("number"),
        degrees: field("degrees"),
        minutes: field("minutes"),
        hysteresis: field("hysteresis"),
        enabled: query.get("enabled"),
        danger: query.get("danger"),
        repeat: field("repeat"),
        silent: query.get("silent"),
        lamp: field("lamp"),
    };
    (!form.kind.is_empty()).then(|| (field("id").parse().ok(), form))
}

#[component]
fn Rules(rules: RulesView, tried: Option<(Option<i64>, RuleForm)>) -> impl IntoView {
    let locale = use_locale();
    let words = form_answer("rules");
    let done = words.what_is_done().map(|what| done(locale, what));
    let problem = words.problem_of("form").map(|what| problem(locale, what));
    let RulesView {
        serial,
        name,
        may_change,
        rules,
        presets,
        trial,
    } = rules;
    let title = td_string!(locale, rules.title, room = name.clone());
    let trial_of = |id: Option<i64>, kind: &str| {
        let (_, form) = tried
            .as_ref()
            .filter(|(which, form)| *which == id && (id.is_some() || form.kind == kind))?;
        Some(Trial {
            form: form.clone(),
            problem: form.rule().err(),
            times: trial,
        })
    };
    let none = rules.is_empty();
    let action = format!("/devices/{serial}/alerts");
    let own = rules
        .into_iter()
        .map(|own| {
            let trial = trial_of(Some(own.id), own.rule.kind());
            rule_box(&action, Some(&own), "", trial.as_ref(), may_change)
        })
        .collect_view();
    let new = KINDS.map(|kind| {
        let trial = trial_of(None, kind);
        rule_box(&action, None, kind, trial.as_ref(), may_change)
    });
    let presets = presets
        .into_iter()
        .map(|preset| preset_card(locale, &action, &preset, may_change))
        .collect_view();
    view! {
        <Title text=title.clone() />
        <nav class="crumbs">
            <a href=format!("/devices/{serial}")>
                <Icon shape=Shape::Back />
                {name}
            </a>
        </nav>
        <section class="settings rules">
            <h1>{title}</h1>
            <p class="settings__lead">{td_string!(locale, rules.lead)}</p>
            <Notice done problem />
            <section class="settings__part">
                <h2>{td_string!(locale, rules.presets)}</h2>
                <ul class="presets">{presets}</ul>
            </section>
            <section class="settings__part">
                <h2>{td_string!(locale, rules.own)}</h2>
                {none.then(|| view! { <p class="settings__lead">{td_string!(locale, rules.none)}</p> })}
                <div class="rules__list">{own}</div>
            </section>
            {may_change
                .then(|| {
                    view! {
                        <section class="settings__part">
                            <h2>{td_string!(locale, rules.make)}</h2>
                            <div class="rules__list">{new.collect_view()}</div>
                        </section>
                    }
                })}
            <p class="settings__back">
                <a href="/alerts">{td_string!(locale, alerts.title)}</a>
            </p>
            <p class="settings__back">
                <a href="/settings/notifications">{td_string!(locale, notifications.title)}</a>
            </p>
        </section>
    }
}

fn preset_card(locale: Locale, page: &str, view: &PresetView, may_change: bool) -> AnyView {
    let name = rule::preset(locale, view.preset);
    let sentences = view
        .rules
        .iter()
        .map(|one| view! { <li>{rule::sentence(locale, use_degrees(), one)}</li> });
    let button = (may_change && !view.is_on).then(|| turn_on(locale, page, view.preset));
    view! {
        <li class="presets__item">
            <h3>{name}</h3>
            <ul class="presets__rules">{sentences.collect_view()}</ul>
            <p class="presets__past">{rule::last_week(locale, view.last_week)}</p>
            {view.is_on.then(|| view! { <p class="presets__on">{td_string!(locale, rules.is_on)}</p> })}
            {button}
        </li>
    }
    .into_any()
}

fn turn_on(locale: Locale, page: &str, preset: Preset) -> AnyView {
    let name = rule::preset(locale, preset);
    view! {
        <form method="post" action=format!("{page}/presets")>
            <input type="hidden" name="preset" value=preset.as_str() />
            <button class="button" aria-label=td_string!(locale, rules.turn_on_preset, preset = name)>
                {td_string!(locale, rules.turn_on)}
            </button>
        </form>
    }
    .into_any()
}

fn done(locale: Locale, what: &str) -> &'static str {
    match what {
        "added" => td_string!(locale, rules.added),
        "removed" => td_string!(locale, rules.removed),
        _ => td_string!(locale, rules.saved),
    }
}

fn problem(locale: Locale, what: &str) -> &'static str {
    match what {
        "number" | "kind" => td_string!(locale, rules.number_wrong),
        "minutes" => td_string!(locale, rules.minutes_wrong),
        "many" => td_string!(locale, rules.too_many),
        "forbidden" => td_string!(locale, rules.look_only),
        _ => td_string!(locale, account.unavailable),
    }
}
