//! The big number: temperature now, humidity beside it.

use leptos::prelude::*;

use crate::context::{LiveRoom, use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::number::{MISSING, tenths, whole};

/// "23.4 °C  48 %", following the live socket.
#[component]
pub fn ReadingNow(
    /// The room.
    room: LiveRoom,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let read = move |of: fn(&crate::context::Reading) -> Option<f64>| {
        room.reading.with(|reading| reading.as_ref().and_then(of))
    };
    let text = move |value: Option<f64>, words: fn(f64) -> String| value.map_or_else(|| MISSING.to_owned(), words);
    let t = Memo::new(move |_| text(read(|reading| reading.t).map(|t| degrees.of(t)), tenths));
    let h = Memo::new(move |_| text(read(|reading| reading.h), whole));
    view! {
        <p class="reading">
            <span class="reading__t">
                <span class="visually-hidden">{td_string!(locale, card.temperature)}" "</span>
                {t}
                <small>{degrees.symbol()}</small>
            </span>
            <span class="reading__h">
                <span class="visually-hidden">{td_string!(locale, card.humidity)}" "</span>
                {h}
                <small>{td_string!(locale, unit.percent)}</small>
            </span>
        </p>
    }
}
