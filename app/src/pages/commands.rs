//! What one can have the device of a room do, and what it said.

use leptos::prelude::*;

use crate::api::rooms::WantedInterval;
use crate::context::{use_degrees, use_locale, use_page};
use crate::form::form_answer;
use crate::i18n::{Locale, td_string};
use crate::islands::AskForm;
use crate::words::command::{self, INTERVALS_S};

/// The buttons of a room's page: measure now, and behind a fold what else the device can do.
pub fn hands(serial: &str) -> AnyView {
    let locale = use_locale();
    let to = |name: &str| format!("/devices/{serial}/commands/{name}");
    let (read_now, trouble) = (to("read_now"), td_string!(locale, commands.unreachable).to_owned());
    let more = [
        ("identify", None, td_string!(locale, commands.identify)),
        ("led", Some("true"), td_string!(locale, commands.led_on)),
        ("led", Some("false"), td_string!(locale, commands.led_off)),
        ("restart", None, td_string!(locale, commands.restart)),
    ];
    let button = |(name, on, label): (&str, Option<&'static str>, &'static str)| {
        view! {
            <button class="button button--quiet" formaction=to(name) name=on.map(|_| "on") value=on>
                {label}
            </button>
        }
        .into_any()
    };
    // Made before the form asks for them: it may outlive what they are made of.
    let more: Vec<AnyView> = more.into_iter().map(button).collect();
    let (label, title) = (td_string!(locale, commands.title), td_string!(locale, commands.more));
    let said = said("command");
    view! {
        <section class="hands" aria-label=label>
            <AskForm action=read_now trouble>
                <button class="button">{td_string!(locale, commands.read_now)}</button>
                <details class="hands__more">
                    <summary>{title}</summary>
                    <div class="hands__buttons">{more}</div>
                </details>
            </AskForm>
            {said}
        </section>
    }
    .into_any()
}

/// What became of the last command; its place is there before there is anything to say.
fn said(place: &'static str) -> AnyView {
    let told = command::said(
        use_locale(),
        use_degrees(),
        &form_answer("commands"),
        use_page().served_at,
    );
    let words = told.map(|(words, is_good)| {
        let class = if is_good { "said" } else { "said said--problem" };
        view! { <span class=class>{words}</span> }
    });
    view! {
        <p class="hands__said" role="status" data-said=place>
            {words}
        </p>
    }
    .into_any()
}

/// How often the device measures: what it does, what is wanted, and a choice.
pub fn interval(serial: &str, interval_s: u32, wanted: Option<&WantedInterval>) -> AnyView {
    let locale = use_locale();
    let now = command::interval(locale, interval_s);
    let chosen = match wanted {
        Some(WantedInterval::Waiting(seconds)) => *seconds,
        _ => interval_s,
    };
    let mut choices = INTERVALS_S.to_vec();
    if !choices.contains(&chosen) {
        choices.push(chosen);
        choices.sort_unstable();
    }
    let option = |seconds: u32| {
        view! {
            <option value=seconds.to_string() selected=seconds == chosen>
                {command::interval(locale, seconds)}
            </option>
        }
    };
    let action = format!("/devices/{serial}/commands/set");
    view! {
        <form method="post" action=action class="interval" id="interval">
            <label for="interval_s">{td_string!(locale, commands.interval)}</label>
            <p class="field__hint">{td_string!(locale, commands.interval_now, time = now)}</p>
            {wanted.map(|wanted| view! { <p class="interval__wanted">{wanted_words(locale, wanted)}</p> })}
            <div class="interval__choice">
                <select name="interval_s" id="interval_s">
                    {choices.into_iter().map(option).collect_view()}
                </select>
                <button class="button button--quiet">{td_string!(locale, commands.interval_set)}</button>
            </div>
            {said("interval")}
        </form>
    }
    .into_any()
}

fn wanted_words(locale: Locale, wanted: &WantedInterval) -> String {
    match wanted {
        WantedInterval::Waiting(seconds) => {
            td_string!(
                locale,
                commands.interval_waiting,
                time = command::interval(locale, *seconds)
            )
        }
        WantedInterval::Refused(seconds, why) => td_string!(
            locale,
            commands.interval_refused,
            time = command::interval(locale, *seconds),
            why = why.clone()
        ),
    }
}
