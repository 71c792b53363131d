//! One rule as a sentence to fill in.

use domain::alert::{Metric, Rule};
use leptos::prelude::*;

use super::filled::filled;
use crate::api::alerts::{RuleForm, RuleView};
use crate::context::{use_degrees, use_locale};
use crate::i18n::{Locale, td_string};
use crate::words::degrees::Degrees;
use crate::words::rule::{self, Piece};

/// Minutes between reminders that can be chosen.
const REPEATS: [u32; 4] = [0, 5, 30, 60];

/// What the lamp of the device can be meanwhile.
const LAMPS: [&str; 3] = ["", "on", "off"];

/// A rule that is being tried, and how it would have been.
#[derive(Clone, Debug)]
pub struct Trial {
    /// As it was filled in.
    pub form: RuleForm,
    /// The field that makes no sense.
    pub problem: Option<&'static str>,
    /// How often it would have alarmed.
    pub times: Option<usize>,
}

/// A rule that there is, or one of a kind that could be made. What is sent goes below `page`.
pub fn rule_box(
    page: &str,
    own: Option<&RuleView>,
    kind: &'static str,
    trial: Option<&Trial>,
    may_change: bool,
) -> AnyView {
    let locale = use_locale();
    let kind = own.map_or(kind, |own| own.rule.kind());
    let legend = own.map_or_else(
        || summary(locale, kind).to_owned(),
        |own| rule::sentence(locale, use_degrees(), &own.rule),
    );
    let is_light = |rule: &Rule| rule.metric() == Some(Metric::Light);
    // Of the brightness no past is kept.
    let last_week = own.filter(|own| !is_light(&own.rule)).map(|own| own.last_week);
    let is_light = trial.is_some_and(|trial| trial.form.rule().is_ok_and(|rule| is_light(&rule)));
    let told = if is_light {
        view! { <p class="rule__past" role="status">{td_string!(locale, rules.light_no_past)}</p> }.into_any()
    } else {
        told(locale, trial, last_week)
    };
    let is_off = own.is_some_and(|own| !own.enabled);
    let form = trial.map_or_else(|| filled(own, kind), |trial| trial.form.clone());
    let editor = may_change.then(|| editor(page, own.map(|own| own.id), kind, &form, &legend));
    view! {
        <details class="rule" open=trial.is_some()>
            <summary>
                <span>{legend}</span>
                {is_off.then(|| view! { <span class="rule__off">{td_string!(locale, rules.is_off)}</span> })}
            </summary>
            {editor}
        </details>
        {told}
    }
    .into_any()
}

/// The sentence to fill in, and what can be done with it.
fn editor(page: &str, id: Option<i64>, kind: &'static str, form: &RuleForm, legend: &str) -> AnyView {
    let locale = use_locale();
    let key = id.map_or_else(|| kind.to_owned(), |id| id.to_string());
    let action = id.map_or_else(|| page.to_owned(), |id| format!("/rules/{id}"));
    let save = if id.is_some() {
        td_string!(locale, rules.save)
    } else {
        td_string!(locale, rules.add)
    };
    let remove = id.map(|id| {
        let name = td_string!(locale, rules.remove_this, rule = legend.to_owned());
        view! {
            <form method="post" action=format!("/rules/{id}/remove")>
                <button class="button button--quiet" aria-label=name>
                    {td_string!(locale, rules.remove)}
                </button>
            </form>
        }
    });
    view! {
        <form method="post" action=action class="rule__form">
            {id.map(|id| view! { <input type="hidden" name="id" value=id.to_string() /> })}
            <input type="hidden" name="kind" value=kind />
            <input type="hidden" name="degrees" value=form.degrees.clone() />
            <input type="hidden" name="hysteresis" value=form.hysteresis.clone() />
            <p class="rule__sentence">{boxes(locale, kind, form, &key)}</p>
            {switches(locale, form)}
            <div class="rule__buttons">
                <button class="button">{save}</button>
                <button class="button button--quiet" formmethod="get" formaction=page.to_owned()>
                    {td_string!(locale, rules.try_it)}
                </button>
            </div>
        </form>
        {remove}
    }
    .into_any()
}

/// What is said below it: how the last week would have been, or what is wrong.
fn told(locale: Locale, trial: Option<&Trial>, last_week: Option<usize>) -> AnyView {
    if let Some(problem) = trial.and_then(|trial| trial.problem) {
        let words = match problem {
            "minutes" => td_string!(locale, rules.minutes_wrong),
            _ => td_string!(locale, rules.number_wrong),
        };
        return view! { <p class="field__problem" role="alert">{words}</p> }.into_any();
    }
    let tried = trial.and_then(|trial| trial.times);
    let role = tried.map(|_| "status");
    tried
        .or(last_week)
        .map(|times| view! { <p class="rule__past" role=role>{rule::last_week(locale, times)}</p> })
        .into_any()
}

/// The sentence with a box in every place.
fn boxes(locale: Locale, kind: &str, form: &RuleForm, key: &str) -> Vec<AnyView> {
    let piece = |piece| match piece {
        Piece::Words(words) => view! { <span>{words}</span> }.into_any(),
        Piece::Metric => metric_box(locale, kind, form),
        Piece::Number => number_box(locale, form, key),
        Piece::Minutes => minutes_box(locale, form, key),
    };
    rule::pieces(locale, kind).into_iter().map(piece).collect()
}

fn metric_box(locale: Locale, kind: &str, form: &RuleForm) -> AnyView {
    let (chosen, degrees) = (form.metric.as_str(), form.degrees.as_str());
    // How fast it gets dark says nothing about a home.
    let has_light = kind != "change";
    let option = |metric: Metric| {
        let words = format!(
            "{} ({})",
            rule::noun(locale, metric),
            rule::unit(locale, Degrees::named(degrees), metric)
        );
        view! {
            <option value=metric.as_str() selected=chosen == metric.as_str()>
                {words}
            </option>
        }
    };
    view! {
        <select name="metric" aria-label=td_string!(locale, rules.metric_label)>
            {option(Metric::T)}
            {option(Metric::H)}
            {has_light.then(|| option(Metric::Light))}
        </select>
    }
    .into_any()
}

fn number_box(locale: Locale, form: &RuleForm, key: &str) -> AnyView {
    let unit = Degrees::named(&form.degrees).symbol();
    view! {
        <input
            id=format!("number-{key}")
            name="number"
            type="text"
            inputmode="decimal"
            required=true
            autocomplete="off"
            aria-label=td_string!(locale, rules.number_label, unit = unit)
            value=form.number.clone()
        />
    }
    .into_any()
}

fn minutes_box(locale: Locale, form: &RuleForm, key: &str) -> AnyView {
    view! {
        <input
            id=format!("minutes-{key}")
            name="minutes"
            type="number"
            min="0"
            max="10080"
            required=true
            autocomplete="off"
            aria-label=td_string!(locale, rules.minutes_label)
            value=form.minutes.clone()
        />
        <span>{td_string!(locale, rules.minutes)}</span>
    }
    .into_any()
}

fn switches(locale: Locale, form: &RuleForm) -> AnyView {
    let repeat = |minutes: u32| {
        let words = if minutes == 0 {
            td_string!(locale, rules.once).to_owned()
        } else {
            td_string!(locale, rules.every, n = minutes)
        };
        view! {
            <option value=minutes.to_string() selected=form.repeat == minutes.to_string()>
                {words}
            </option>
        }
    };
    let lamp = |which: &'static str| {
        let words = match which {
            "on" => td_string!(locale, rules.lamp_on),
            "off" => td_string!(locale, rules.lamp_off),
            _ => td_string!(locale, rules.lamp_alone),
        };
        view! {
            <option value=which selected=form.lamp == which>
                {words}
            </option>
        }
    };
    view! {
        <label class="check">
            <input type="checkbox" name="enabled" value="on" checked=form.enabled.is_some() />
            {td_string!(locale, rules.enabled)}
        </label>
        <label class="check">
            <input type="checkbox" name="danger" value="on" checked=form.danger.is_some() />
            {td_string!(locale, rules.danger)}
        </label>
        <label class="check">
            {td_string!(locale, rules.repeat)}
            <select name="repeat">{REPEATS.map(repeat).collect_view()}</select>
        </label>
        <label class="check">
            {td_string!(locale, rules.lamp)}
            <select name="lamp">{LAMPS.map(lamp).collect_view()}</select>
        </label>
        <label class="check">
            <input type="checkbox" name="silent" value="on" checked=form.silent.is_some() />
            {td_string!(locale, rules.silent)}
        </label>
    }
    .into_any()
}

fn summary(locale: Locale, kind: &str) -> &'static str {
    match kind {
        "above" => td_string!(locale, rules.new_above),
        "below" => td_string!(locale, rules.new_below),
        "change" => td_string!(locale, rules.new_change),
        _ => td_string!(locale, rules.new_offline),
    }
}
