//! A room's past: one day in two-hour steps, and what the hours of each weekday are like.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use super::choices::{MetricChoice, PeriodChoice};
use super::refusal::refused;
use super::wish::Wish;
use crate::api::history::{DayView, PatternCell};
use crate::backend::{answer, backend, current_user};
use crate::charts;
use crate::components::{BandPlot, ExportForm, Pattern, SlotTable};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Chart, Icon, Shape};
use crate::words::coverage::hours as recorded_hours;
use crate::words::history::{self, hours, slot_of};
use crate::words::moment;

/// Slots of a day.
const SLOTS: usize = 12;

/// `/devices/{serial}/history?day=2026-11-19&days=30&metric=t`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    let serial = use_params_map().read_untracked().get("serial").unwrap_or_default();
    let query = use_query_map().get_untracked();
    let wish = Wish::parse(query.get("days").as_deref(), query.get("metric").as_deref());
    let day = query.get("day");
    let past = async move {
        let who = current_user()?.id;
        let backend = backend();
        let day = backend.day(who, serial.clone(), day).await?;
        Ok((day, backend.pattern(who, serial, wish.days).await?))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(past.await) {
                    Ok((day, cells)) => view! { <History day cells wish /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn History(day: DayView, cells: Vec<PatternCell>, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let (serial, name, date) = (day.room.serial.clone(), day.room.name.clone(), day.day.clone());
    let href = |section: &'static str| -> Box<dyn Fn(Wish) -> String> {
        let (serial, date) = (serial.clone(), date.clone());
        Box::new(move |wish| wish.history(&serial, Some(&date), section))
    };
    view! {
        <Title text=format!("{name} · {}", td_string!(locale, history.title)) />
        <nav class="crumbs">
            <a href=wish.room(&serial, "today")>
                <Icon shape=Shape::Back />
                {name}
            </a>
        </nav>
        <h1 class="page-title">{td_string!(locale, history.title)}</h1>
        <div class="choices">
            <MetricChoice wish href=href("day") />
        </div>
        <section class="panel" id="day">
            <h2>{moment::date(locale, &date)}</h2>
            <Day day wish />
        </section>
        <section class="panel" id="pattern">
            <h2>{td_string!(locale, history.pattern)}</h2>
            <PeriodChoice wish href=href("pattern") />
            <p class="panel__said">{history::pattern(wish.telling(), &cells)}</p>
            <Pattern cells metric=wish.metric />
            <p class="panel__hint">{td_string!(locale, history.pattern_hint, days = wish.days)}</p>
        </section>
        <section class="panel" id="export">
            <h2>{td_string!(locale, export.title)}</h2>
            <ExportForm serial=serial.clone() from=date.clone() to=date.clone() />
        </section>
    }
}

#[component]
fn Day(day: DayView, wish: Wish) -> impl IntoView {
    let (locale, metric) = (use_locale(), wish.metric);
    let said = history::day(wish.telling(), &day);
    let date = moment::date(locale, &day.day);
    let label = td_string!(locale, history.day_chart, date = date, metric = metric.words(locale));
    let names: Vec<_> = (0..SLOTS).map(|slot| hours(locale, slot)).collect();
    let bands: Vec<_> = (0..SLOTS)
        .map(|place| day.slots.iter().find(|slot| slot_of(&slot.local) == place))
        .map(|slot| slot.and_then(|slot| metric.of(slot.t, slot.h)))
        .collect();
    let option = charts::banded(wish.telling(), names.clone(), &bands, &[]).to_string();
    let still = view! { <BandPlot names bands metric label=label.clone() /> };
    view! {
        <DayChoice day=day.clone() wish />
        <p class="panel__said">{said} " " {recorded_hours(locale, day.covered_min, day.length_min)} "."</p>
        <Chart option label>
            {still}
        </Chart>
        <SlotTable slots=day.slots metric />
        <p class="panel__hint">{td_string!(locale, room.slots_hint)}</p>
    }
}

/// The day before, the day after, or any other.
#[component]
fn DayChoice(day: DayView, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let serial = day.room.serial.clone();
    let link = |day: Option<String>, words: &'static str| {
        day.map(|day| {
            view! { <a class="button button--quiet" href=wish.history(&serial, Some(&day), "day")>{words}</a> }
        })
    };
    let (earlier, later) = (
        link(day.earlier, td_string!(locale, history.earlier)),
        link(day.later, td_string!(locale, history.later)),
    );
    view! {
        <div class="day-choice">
            {earlier}
            <form method="get" action=format!("/devices/{serial}/history#day")>
                <input type="hidden" name="days" value=wish.days.to_string() />
                <input type="hidden" name="metric" value=wish.metric.as_str() />
                <input type="date" name="day" value=day.day aria-label=td_string!(locale, history.date) required />
                <button class="button button--quiet">{td_string!(locale, history.show)}</button>
            </form>
            {later}
        </div>
    }
}
