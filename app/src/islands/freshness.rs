//! When a room was last measured. The document says the clock, which stays true however long it lies around;
//! once its script runs, the age ticks.

use domain::presence::Presence;
use leptos::prelude::*;

use crate::context::{Clock, LiveRoom, Reading, use_clock, use_locale};
use crate::i18n::{Locale, td_string};
use crate::words::{age, moment};

/// "42초 전"
#[component]
pub fn Freshness(
    /// The room.
    room: LiveRoom,
) -> impl IntoView {
    let (locale, clock) = (use_locale(), use_clock());
    let words = Memo::new(move |_| words(locale, clock, room));
    let datetime = move || room.reading.with(|reading| reading.as_ref().map(iso));
    view! {
        <time class="freshness" class:freshness--stale=move || room.stale() datetime=datetime>
            {words}
        </time>
    }
}

/// When the room was measured, in the words that fit its presence.
pub fn words(locale: Locale, clock: Clock, room: LiveRoom) -> String {
    let silent = room.presence.get() == Presence::Offline;
    room.reading.with(|reading| match reading {
        None => td_string!(locale, age.never).to_owned(),
        Some(reading) if silent => since(locale, clock, reading),
        Some(reading) => measured(locale, clock, reading),
    })
}

/// When a reading was measured: "42초 전" or "15:24 측정".
pub fn measured(locale: Locale, clock: Clock, reading: &Reading) -> String {
    match rendered_clock(locale, clock, reading) {
        Some(clock) => td_string!(locale, age.measured, moment = clock),
        None => age::ago(locale, clock.now() - reading.at),
    }
}

fn since(locale: Locale, clock: Clock, reading: &Reading) -> String {
    match rendered_clock(locale, clock, reading) {
        Some(clock) => td_string!(locale, age.silent_since, moment = clock),
        None => age::silent_for(locale, clock.now() - reading.at),
    }
}

/// The clock time of a reading, as long as nothing ticks yet.
fn rendered_clock(locale: Locale, clock: Clock, reading: &Reading) -> Option<String> {
    let local = reading.local.as_ref().filter(|_| !clock.runs())?;
    Some(moment::clock(locale, local, reading.at, clock.now()))
}

fn iso(reading: &Reading) -> String {
    reading.local.clone().unwrap_or_else(|| moment::iso_utc(reading.at))
}
