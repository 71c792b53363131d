//! "Is everything all right, now?": one button that asks every device of the home, and one sentence as the answer.

use leptos::prelude::*;

use crate::context::{use_degrees, use_locale, use_rooms};
use crate::form::{FormAnswer, form_answer};
use crate::i18n::td_string;
use crate::islands::AskForm;
use crate::words::check::{Checked, sentence, verdict};

/// The card below the home's sentence.
pub fn check_home() -> AnyView {
    let locale = use_locale();
    let trouble = td_string!(locale, commands.unreachable).to_owned();
    let words = said();
    view! {
        <section class="check-home" aria-label=td_string!(locale, check.title)>
            <AskForm action="/check".to_owned() trouble>
                <button class="button button--quiet">{td_string!(locale, check.ask)}</button>
            </AskForm>
            <p class="check-home__said" role="status" data-said="check">
                {words}
            </p>
        </section>
    }
    .into_any()
}

/// What came of it, if it was asked just now.
fn said() -> Option<String> {
    let (locale, words) = (use_locale(), form_answer("check"));
    if words.what_is_done().is_some() {
        return Some(sentence(locale, checked(&words)));
    }
    let problem = words.problem_of("form")?;
    let words = match problem {
        "limited" => td_string!(locale, commands.limited),
        "forbidden" => td_string!(locale, rules.look_only),
        _ => td_string!(locale, account.unavailable),
    };
    Some(words.to_owned())
}

/// Names and states of the rooms that the answer speaks of.
fn checked(words: &FormAnswer) -> Checked {
    let silent: Vec<_> = words.value_of("silent").unwrap_or_default().split(',').collect();
    let (mut names, mut answered) = (Vec::new(), Vec::new());
    for room in use_rooms().all() {
        if silent.iter().any(|serial| room.has(serial)) {
            names.push(room.name());
        } else {
            answered.push(room.state());
        }
    }
    Checked {
        verdict: verdict(use_locale(), use_degrees(), &answered),
        answered: answered.len(),
        silent: names,
        at: words.value_of("at").unwrap_or_default().to_owned(),
    }
}
