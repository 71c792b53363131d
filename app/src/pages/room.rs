//! One room: now, today, today in two-hour slots, and the days before.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use super::refusal::refused;
use super::seeds::plant;
use super::wish::{PERIODS, Wish};
use crate::api::rooms::{DayPoint, RoomView};
use crate::backend::{answer, backend, current_user};
use crate::charts;
use crate::components::{BandPlot, DayTable, DemoBanner, Downloads, Segment, Segmented, SlotTable, TodayLine};
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::islands::{DailyChart, Icon, RoomNow, Shape};
use crate::words::metric::Metric;

/// `/devices/{serial}?days=30&metric=t`
#[component]
pub fn RoomPage() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let serial = use_params_map().read_untracked().get("serial").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let wish = Wish::parse(query.get("days").as_deref(), query.get("metric").as_deref());
    let room = async move {
        let who = current_user()?.id;
        let backend = backend();
        let room = backend.room(who, serial.clone()).await?;
        Ok((room, backend.daily(who, serial, wish.days).await?))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(room.await) {
                    Ok((room, days)) => view! { <Room room days wish /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Room(room: RoomView, days: Vec<DayPoint>, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let RoomView {
        card,
        household,
        demo,
        zone,
        slots,
    } = room;
    let seeds = plant(std::slice::from_ref(&card));
    let serial = card.serial.clone();
    view! {
        <Title text=card.name.clone() />
        {seeds}
        <nav class="crumbs">
            <a href="/">
                <Icon shape=Shape::Back />
                {household}
            </a>
        </nav>
        <RoomNow serial=card.serial>
            <div data-renewed="today">
                <TodayLine today=card.today />
            </div>
        </RoomNow>
        {demo.then(|| view! { <DemoBanner /> })}
        <div class="choices" id="today">
            <MetricChoice serial=serial.clone() wish />
        </div>
        <section class="panel">
            <h2>{td_string!(locale, room.today)}" · "{td_string!(locale, room.slots)}</h2>
            <div data-renewed="slots">
                <SlotTable slots metric=wish.metric />
            </div>
            <p class="panel__hint">{td_string!(locale, room.slots_hint)}</p>
        </section>
        <section class="panel" id="daily">
            <h2>{td_string!(locale, room.daily)}</h2>
            <PeriodChoice serial=serial.clone() wish />
            <Days serial=serial.clone() name=card.name days metric=wish.metric />
        </section>
        <p class="fine-print">
            <span>{td_string!(locale, room.serial, serial = serial)}</span>
            <span>{td_string!(locale, room.zone, zone = zone)}</span>
        </p>
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
    let option = charts::daily(locale, &days, metric).to_string();
    let still = view! { <BandPlot days=days.clone() metric label /> };
    view! {
        <DailyChart option>{still}</DailyChart>
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
        href: Wish { metric, ..wish }.href(&serial, "today"),
        chosen: metric == wish.metric,
    });
    view! { <Segmented label=td_string!(locale, room.metric) segments=segments.into() /> }
}

#[component]
fn PeriodChoice(serial: String, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let segments = PERIODS.map(|days| Segment {
        name: period(locale, days),
        href: Wish { days, ..wish }.href(&serial, "daily"),
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
