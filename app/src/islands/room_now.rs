//! The head of a room's page: the room as it is now.

use domain::climate::{Celsius, Comfort, RelativeHumidity, dew_point};
use leptos::prelude::*;

use super::{Freshness, ReadingNow, TrendMark};
use crate::context::{LiveRoom, use_locale, use_rooms};
use crate::i18n::{Locale, td_string};
use crate::words::number::celsius;

/// Name, freshness, the big value, the trend in full and comfort in words; today hangs below.
#[island]
pub fn RoomNow(
    /// Serial number of the room's device.
    serial: String,
    /// Today in one line.
    children: Children,
) -> impl IntoView {
    let locale = use_locale();
    let room = use_rooms().find(&serial).expect("the page knows the room it shows");
    view! {
        <section class="now" class:now--stale=move || room.stale() data-serial=serial>
            <div class="now__head">
                <h1>{move || room.name()}</h1>
                <Freshness room />
            </div>
            <ReadingNow room />
            <TrendMark room in_full=true />
            <p class="now__comfort">{move || comfort(locale, room)}</p>
            {children()}
        </section>
    }
}

/// "쾌적해요 · 이슬점 12.1 °C": of the present air, so nothing while the value is stale.
fn comfort(locale: Locale, room: LiveRoom) -> String {
    let air = room
        .reading
        .with(|reading| reading.as_ref().and_then(|reading| Some((reading.t?, reading.h?))));
    let air = air.filter(|_| !room.stale());
    let Some((Ok(t), Ok(h))) = air.map(|(t, h)| (Celsius::new(t), RelativeHumidity::new(h))) else {
        return String::new();
    };
    let words = match Comfort::of(t, h) {
        Comfort::Cold => td_string!(locale, comfort.cold),
        Comfort::Hot => td_string!(locale, comfort.hot),
        Comfort::Humid => td_string!(locale, comfort.humid),
        Comfort::Dry => td_string!(locale, comfort.dry),
        Comfort::Comfortable => td_string!(locale, comfort.comfortable),
    };
    match dew_point(t, h) {
        Some(dew) => format!(
            "{words} · {}",
            td_string!(locale, room.dew, value = celsius(locale, dew))
        ),
        None => words.to_owned(),
    }
}
