//! The sentence for the whole home: an icon, words, and the facts below.

use leptos::prelude::*;

use super::{Icon, Shape, measured};
use crate::context::{use_clock, use_degrees, use_locale, use_rooms};
use crate::i18n::td_string;
use crate::words::status::{self, Level, Sentence};

/// The home in one sentence, kept true as readings arrive and time passes.
#[island]
pub fn StatusLine() -> impl IntoView {
    let (locale, clock, rooms) = (use_locale(), use_clock(), use_rooms().all());
    let degrees = use_degrees();
    let status = Memo::new(move |_| {
        let states: Vec<status::Room> = rooms.iter().map(|room| room.state()).collect();
        let verdict = status::judge(&states);
        let alarmed = states.iter().any(|room| room.alarm.is_some());
        let fresh = verdict
            .lead
            .and_then(|at| rooms[at].reading.get())
            .map(|reading| measured(locale, clock, &reading))
            .unwrap_or_default();
        (
            alarmed,
            verdict.level,
            status::sentence(locale, degrees, &verdict, &states, &fresh),
        )
    });
    let part = move |of: fn(&Sentence) -> &String| status.with(|(_, _, sentence)| of(sentence).clone());
    let level = Memo::new(move |_| status.with(|(_, level, _)| *level));
    // Only what changes is written: a screen reader would read the headline again otherwise.
    let headline = Memo::new(move |_| part(|sentence| &sentence.headline));
    let alarmed = Memo::new(move |_| status.with(|(alarmed, ..)| *alarmed));
    view! {
        <section class=move || format!("status status--{}", Level::as_str(level.get()))>
            <span class="status__mark">
                <Icon shape=Signal::derive(move || Shape::of(level.get())) />
            </span>
            <div class="status__words">
                // Only the headline is announced: the line below ticks every second.
                <h1 class="status__headline" aria-live="polite">{headline}</h1>
                <p class="status__detail">{move || part(|sentence| &sentence.detail)}</p>
                <p class="status__more" hidden=move || !alarmed.get()>
                    <a href="/alerts">{td_string!(locale, status.see_alerts)}</a>
                </p>
            </div>
        </section>
    }
}
