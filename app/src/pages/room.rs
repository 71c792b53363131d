//! One room: now, the last day, today in two-hour slots, and the days before.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

use super::choices::{MetricChoice, PeriodChoice};
use super::commands::hands;
use super::refusal::refused;
use super::seeds::plant;
use super::wish::Wish;
use crate::api::history::{CourseView, PeriodView};
use crate::api::rooms::RoomView;
use crate::backend::{answer, backend, current_user};
use crate::charts;
use crate::components::{BandPlot, CourseTable, DayTable, DemoBanner, Downloads, LinePlot, SlotTable, TodayLine};
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::islands::{Chart, CourseChart, Icon, RoomNow, Shape};
use crate::words::metric::Metric;
use crate::words::{history, moment};

/// The still picture of the last day has a place for every five minutes.
const COURSE_PLACES: usize = 288;

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
        let course = backend.course(who, serial.clone()).await?;
        Ok((room, course, backend.period(who, serial, wish.days).await?))
    };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(room.await) {
                    Ok((room, course, period)) => view! { <Room room course period wish /> }.into_any(),
                    Err(error) => refused(error, &here),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Room(room: RoomView, course: CourseView, period: PeriodView, wish: Wish) -> impl IntoView {
    let locale = use_locale();
    let RoomView {
        card,
        household,
        demo,
        may_change,
        zone,
        slots,
    } = room;
    let seeds = plant(std::slice::from_ref(&card));
    let serial = card.serial.clone();
    let href = |section: &'static str| -> Box<dyn Fn(Wish) -> String> {
        let serial = serial.clone();
        Box::new(move |wish| wish.room(&serial, section))
    };
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
        {may_change.then(|| hands(&serial))}
        {demo.then(|| view! { <DemoBanner /> })}
        <div class="choices" id="today">
            <MetricChoice wish href=href("today") />
        </div>
        <section class="panel" id="course">
            <h2>{td_string!(locale, history.course)}</h2>
            <Course serial=serial.clone() name=card.name.clone() course wish />
        </section>
        <section class="panel">
            <h2>{td_string!(locale, room.today)}" · "{td_string!(locale, room.slots)}</h2>
            <div data-renewed="slots">
                <SlotTable slots metric=wish.metric />
            </div>
            <p class="panel__hint">{td_string!(locale, room.slots_hint)}</p>
        </section>
        <section class="panel" id="daily">
            <h2>{td_string!(locale, room.daily)}</h2>
            <PeriodChoice wish href=href("daily") />
            <Days serial=serial.clone() name=card.name period wish />
        </section>
        <p class="more">
            <a class="button button--quiet" href=format!("/devices/{serial}/alerts")>{td_string!(locale, rules.link)}</a>
        </p>
        <nav class="more" aria-label=td_string!(locale, history.title)>
            <a class="button button--quiet" href=wish.history(&serial, None, "day")>{td_string!(locale, history.more)}</a>
            <a class="button button--quiet" href=wish.compare()>{td_string!(locale, history.compare_link)}</a>
            <a class="button button--quiet" href=format!("/devices/{serial}/settings")>
                {td_string!(locale, room_settings.title)}
            </a>
        </nav>
        <p class="fine-print">
            <span>{td_string!(locale, room.serial, serial = serial.clone())}</span>
            <span>{td_string!(locale, room.zone, zone = zone)}</span>
        </p>
    }
}

#[component]
fn Course(serial: String, name: String, course: CourseView, wish: Wish) -> impl IntoView {
    let (locale, metric) = (use_locale(), wish.metric);
    let label = td_string!(locale, history.course_chart, room = name, metric = metric.words(locale));
    let option = charts::course(wish.telling(), &course).to_string();
    let said = history::course(wish.telling(), &course.points);
    let marks = course.alerts.iter().map(|at| place_of(&course, *at)).collect();
    let fired = u32::try_from(course.alerts.len()).unwrap_or(u32::MAX);
    let clock = |at: i64| {
        moment::iso_utc(at + course.offset_ms)
            .get(11..16)
            .unwrap_or_default()
            .to_owned()
    };
    let still = view! {
        <LinePlot
            lines=vec![on_a_grid(&course, metric)]
            ends=(clock(course.from), clock(course.to))
            marks
            metric
            label=label.clone()
        />
    };
    let (offset_ms, humidity) = (course.offset_ms, metric == Metric::Humidity);
    view! {
        <p class="panel__said" data-renewed="course-said">{said}</p>
        <CourseChart serial option label offset_ms humidity>
            {still}
        </CourseChart>
        {(fired > 0).then(|| view! { <p class="panel__hint">{alerts_told(locale, fired)}</p> })}
        <div data-renewed="course-table">
            <CourseTable course metric />
        </div>
    }
}

/// The last day in as many places as the still picture has.
fn on_a_grid(course: &CourseView, metric: Metric) -> Vec<Option<f64>> {
    let mut places = vec![None; COURSE_PLACES];
    for point in &course.points {
        let place = place_of(course, point.at);
        places[place] = metric.mean(point.means).or(places[place]);
    }
    places
}

fn place_of(course: &CourseView, at: i64) -> usize {
    let length_ms = (course.to - course.from).max(1);
    let along = (at - course.from).clamp(0, length_ms - 1);
    usize::try_from(along).unwrap_or(0) * COURSE_PLACES / usize::try_from(length_ms).unwrap_or(1)
}

/// "세로줄은 알림이 울린 때예요. 모두 3번."
fn alerts_told(locale: Locale, fired: u32) -> Option<String> {
    (fired > 0).then(|| td_string!(locale, history.alerts, n = fired))
}

#[component]
fn Days(serial: String, name: String, period: PeriodView, wish: Wish) -> impl IntoView {
    let (locale, metric) = (use_locale(), wish.metric);
    let said = history::period(wish.telling(), &period);
    let days = period.days;
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
    let names: Vec<_> = days.iter().map(|day| moment::date(locale, &day.day)).collect();
    let bands: Vec<_> = days.iter().map(|day| metric.of(day.t, day.h)).collect();
    let fired: u32 = period.alerts.iter().sum();
    let marks: Vec<_> = period
        .alerts
        .iter()
        .enumerate()
        .filter_map(|(place, n)| (*n > 0).then_some(place))
        .collect();
    let option = charts::banded(wish.telling(), names.clone(), &bands, &marks).to_string();
    let still = view! { <BandPlot names bands marks metric label=label.clone() /> };
    view! {
        <p class="panel__said">{said}</p>
        <Chart option label>
            {still}
        </Chart>
        <p class="panel__hint">{told} " " {alerts_told(locale, fired)} " " {td_string!(locale, history.keys)}</p>
        <DayTable serial=serial.clone() days=days.clone() metric />
        <Downloads serial days />
    }
}
