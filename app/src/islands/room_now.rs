//! The head of a room's page: the room as it is now.

use domain::climate::{Celsius, Comfort, MouldRisk, RelativeHumidity, absolute_humidity, dew_point};
use leptos::prelude::*;

use super::{Freshness, ReadingNow, TrendMark};
use crate::context::{LiveRoom, use_degrees, use_locale, use_rooms};
use crate::i18n::{Locale, td_string};
use crate::words::degrees::Degrees;
use crate::words::number::tenths;

/// Name, freshness, the big value, the trend in full and comfort in words; today hangs below.
#[island]
pub fn RoomNow(
    /// Serial number of the room's device.
    serial: String,
    /// Today in one line.
    children: Children,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let room = use_rooms().find(&serial).expect("the page knows the room it shows");
    let air = Memo::new(move |_| air(room));
    let told = move || air.get().map(|air| comfort(locale, degrees, air)).unwrap_or_default();
    let hint = move || air.get().and_then(|air| hint(locale, air));
    view! {
        <section class="now" class:now--stale=move || room.stale() data-serial=serial>
            <div class="now__head">
                <h1>{move || room.name()}</h1>
                <Freshness room />
            </div>
            <ReadingNow room />
            <TrendMark room in_full=true />
            <p class="now__comfort">{told}</p>
            <p class="now__hint" hidden=move || hint().is_none()>{hint}</p>
            {children()}
        </section>
    }
}

type Air = (Celsius, RelativeHumidity);

/// The present air, calibrated as it came; nothing while the value is stale.
fn air(room: LiveRoom) -> Option<Air> {
    let measured = room
        .reading
        .with(|reading| reading.as_ref().and_then(|reading| Some((reading.t?, reading.h?))));
    let (t, h) = measured.filter(|_| !room.stale())?;
    Some((Celsius::new(t).ok()?, RelativeHumidity::new(h).ok()?))
}

/// "쾌적해요 · 이슬점 12.1 °C · 공기 속 물 9.8 g/m³"
fn comfort(locale: Locale, degrees: Degrees, (t, h): Air) -> String {
    let words = match Comfort::of(t, h) {
        Comfort::Cold => td_string!(locale, comfort.cold),
        Comfort::Hot => td_string!(locale, comfort.hot),
        Comfort::Humid => td_string!(locale, comfort.humid),
        Comfort::Dry => td_string!(locale, comfort.dry),
        Comfort::Comfortable => td_string!(locale, comfort.comfortable),
    };
    let dew = dew_point(t, h).map(|dew| td_string!(locale, room.dew, value = degrees.full(dew)));
    let water = td_string!(locale, comfort.water, grams = tenths(absolute_humidity(t, h)));
    let parts = [Some(words.to_owned()), dew, Some(water)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What to do about it, if anything: what harms the walls first.
fn hint(locale: Locale, (t, h): Air) -> Option<&'static str> {
    match (MouldRisk::of(t, h), Comfort::of(t, h)) {
        (MouldRisk::High, _) => Some(td_string!(locale, comfort.mould_high)),
        (MouldRisk::Possible, _) => Some(td_string!(locale, comfort.mould_possible)),
        (MouldRisk::Low, Comfort::Cold) => Some(td_string!(locale, comfort.hint_cold)),
        (MouldRisk::Low, Comfort::Hot) => Some(td_string!(locale, comfort.hint_hot)),
        (MouldRisk::Low, Comfort::Dry) => Some(td_string!(locale, comfort.hint_dry)),
        (MouldRisk::Low, Comfort::Humid | Comfort::Comfortable) => None,
    }
}
