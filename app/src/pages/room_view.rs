//! What a room's page shows: now, today, today in two-hour slots, and the days before.

use domain::climate::{Celsius, Comfort, RelativeHumidity, dew_point};
use leptos::prelude::*;

use super::home::refused;
use super::room::{PERIODS, Wish};
use crate::api::rooms::{DayPoint, RoomCard, RoomView};
use crate::components::{
    DailyChart, DayTable, DemoBanner, Downloads, Freshness, Icon, ReadingNow, Segment, Segmented, Shape, Skeleton,
    SlotTable, TodayLine, TrendMark,
};
use crate::context::{LiveRoom, use_locale};
use crate::error::AppError;
use crate::i18n::{Locale, td_string};
use crate::words::metric::Metric;
use crate::words::number::celsius;

/// The page's content.
#[component]
pub fn RoomContent(
    /// The room.
    room: RoomView,
    /// What the address asks to see.
    wish: Memo<Wish>,
    /// The days of the chart.
    daily: Resource<Result<Vec<DayPoint>, AppError>>,
) -> impl IntoView {
    let locale = use_locale();
    let RoomView {
        card,
        household,
        demo,
        zone,
        slots,
    } = room;
    let (serial, name) = (
        StoredValue::new(card.serial.clone()),
        StoredValue::new(card.name.clone()),
    );
    view! {
        <nav class="crumbs">
            <a href="/">
                <Icon shape=Shape::Back />
                {household}
            </a>
        </nav>
        <Present card />
        {demo.then(|| view! { <DemoBanner /> })}
        {move || view! { <MetricChoice serial=serial.get_value() wish=wish.get() /> }}
        <section class="panel">
            <h2>{td_string!(locale, room.today)}" · "{td_string!(locale, room.slots)}</h2>
            {move || view! { <SlotTable slots=slots.clone() metric=wish.get().metric /> }}
            <p class="panel__hint">{td_string!(locale, room.slots_hint)}</p>
        </section>
        <section class="panel" id="daily">
            <h2>{td_string!(locale, room.daily)}</h2>
            {move || view! { <PeriodChoice serial=serial.get_value() wish=wish.get() /> }}
            <Transition fallback=|| view! { <Skeleton /> }>
                {move || {
                    let wish = wish.get();
                    Suspend::new(async move {
                        match daily.await {
                            Ok(days) => {
                                view! { <Days serial=serial.get_value() name=name.get_value() days metric=wish.metric /> }
                                    .into_any()
                            }
                            Err(error) => refused(error, &wish.href(&serial.get_value())),
                        }
                    })
                }}
            </Transition>
        </section>
        <p class="fine-print">
            <span>{td_string!(locale, room.serial, serial = serial.get_value())}</span>
            <span>{td_string!(locale, room.zone, zone = zone)}</span>
        </p>
    }
}

/// The room as it is now, and today in one line.
#[component]
fn Present(card: RoomCard) -> impl IntoView {
    let locale = use_locale();
    let room = LiveRoom::new(&card);
    view! {
        <section class="now" class:now--stale=move || room.stale() data-serial=card.serial>
            <div class="now__head">
                <h1>{card.name}</h1>
                <Freshness room />
            </div>
            <ReadingNow room />
            {room.trend().map(|trend| view! { <TrendMark trend in_full=true /> })}
            <p class="now__comfort">{move || comfort(locale, room)}</p>
            <TodayLine today=card.today />
        </section>
    }
}

#[component]
fn Days(serial: String, name: String, days: Vec<DayPoint>, metric: Metric) -> impl IntoView {
    let locale = use_locale();
    let recorded = days.iter().filter(|day| day.n > 0).count();
    let told = if recorded == days.len() {
        td_string!(locale, room.complete, days = days.len())
    } else {
        td_string!(locale, room.recorded, days = days.len(), recorded = recorded)
    };
    let label = td_string!(
        locale,
        room.chart,
        room = name,
        metric = metric.words(locale),
        days = days.len()
    );
    view! {
        <DailyChart serial=serial.clone() days=days.clone() metric label />
        <p class="panel__hint">{told}</p>
        <DayTable days=days.clone() metric />
        <Downloads serial days />
    }
}

#[component]
fn MetricChoice(serial: String, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let segments = [Metric::Temperature, Metric::Humidity].map(|metric| Segment {
        name: metric.words(locale),
        href: Wish { metric, ..wish }.href(&serial),
        chosen: metric == wish.metric,
    });
    view! { <Segmented label=td_string!(locale, room.metric) segments=segments.into() /> }
}

#[component]
fn PeriodChoice(serial: String, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let segments = PERIODS.map(|days| Segment {
        name: period(locale, days),
        href: Wish { days, ..wish }.href(&serial),
        chosen: days == wish.days,
    });
    view! { <Segmented label=td_string!(locale, room.period) segments=segments.into() /> }
}

fn period(locale: Locale, days: u16) -> &'static str {
    match days {
        7 => td_string!(locale, room.days_7),
        30 => td_string!(locale, room.days_30),
        90 => td_string!(locale, room.days_90),
        _ => td_string!(locale, room.days_365),
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
