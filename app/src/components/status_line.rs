//! The sentence for the whole home: an icon, words, and the facts below.

use leptos::prelude::*;

use super::freshness;
use super::icon::{Icon, Shape};
use crate::context::{LiveRoom, use_clock, use_locale};
use crate::words::status::{self, Level, Sentence};

/// The home in one sentence, kept true as readings arrive and time passes.
#[component]
pub fn StatusLine(
    /// All rooms of the home.
    rooms: Vec<LiveRoom>,
) -> impl IntoView {
    let (locale, clock) = (use_locale(), use_clock());
    let status = Memo::new(move |_| {
        let states: Vec<status::Room> = rooms.iter().map(|room| room.state()).collect();
        let verdict = status::judge(&states);
        let fresh = verdict
            .lead
            .and_then(|at| rooms[at].reading.get())
            .map(|reading| freshness::measured(locale, clock, &reading))
            .unwrap_or_default();
        (verdict.level, status::sentence(locale, &verdict, &states, &fresh))
    });
    let level = Memo::new(move |_| status.with(|(level, _)| *level));
    let headline = Memo::new(move |_| status.with(|(_, sentence): &(Level, Sentence)| sentence.headline.clone()));
    let detail = Memo::new(move |_| status.with(|(_, sentence): &(Level, Sentence)| sentence.detail.clone()));
    view! {
        <section class=move || format!("status status--{}", level.get().as_str())>
            <span class="status__mark">
                <Icon shape=Signal::derive(move || Shape::of(level.get())) />
            </span>
            <div class="status__words">
                // Only the headline is announced: the line below ticks every second.
                <h1 class="status__headline" aria-live="polite">{headline}</h1>
                <p class="status__detail">{detail}</p>
            </div>
        </section>
    }
}
