//! All rooms of the home side by side.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::choices::{MetricChoice, PeriodChoice};
use super::refusal::refused;
use super::wish::Wish;
use crate::api::history::ComparedRoom;
use crate::backend::{answer, backend, current_user};
use crate::charts;
use crate::components::{CompareTable, LinePlot};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Chart, Icon, Shape};
use crate::words::{history, moment};

/// `/compare?days=30&metric=t`
#[component]
pub fn ComparePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let wish = Wish::parse(query.get("days").as_deref(), query.get("metric").as_deref());
    let rooms = async move { backend().compared(current_user()?.id, wish.days).await };
    view! {
        <Suspense>
            {Suspend::new(async move {
                match answer(rooms.await) {
                    Ok(rooms) => view! { <Compare rooms wish /> }.into_any(),
                    Err(error) => refused(error, "/compare"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Compare(rooms: Vec<ComparedRoom>, wish: Wish) -> impl IntoView {
    let (locale, metric) = (use_locale(), wish.metric);
    let label = td_string!(
        locale,
        history.compare_chart,
        metric = metric.words(locale),
        days = wish.days
    );
    let days = rooms.first().map(|room| room.days.as_slice()).unwrap_or_default();
    let date =
        |day: Option<&crate::api::rooms::DayPoint>| day.map(|day| moment::date(locale, &day.day)).unwrap_or_default();
    let ends = (date(days.first()), date(days.last()));
    let averages = |room: &ComparedRoom| {
        let average = |day: &crate::api::rooms::DayPoint| metric.of(day.t, day.h).map(|band| band.avg);
        room.days.iter().map(average).collect::<Vec<_>>()
    };
    let lines = rooms.iter().map(averages).collect();
    let option = charts::compared(wish.telling(), &rooms).to_string();
    let said = history::compared(wish.telling(), &rooms);
    let still = view! { <LinePlot lines ends metric label=label.clone() /> };
    view! {
        <Title text=td_string!(locale, history.compare) />
        <nav class="crumbs">
            <a href="/">
                <Icon shape=Shape::Back />
                {td_string!(locale, room.back)}
            </a>
        </nav>
        <h1 class="page-title">{td_string!(locale, history.compare)}</h1>
        <div class="choices">
            <MetricChoice wish href=Box::new(Wish::compare) />
        </div>
        <section class="panel">
            <PeriodChoice wish href=Box::new(Wish::compare) />
            <p class="panel__said">{said}</p>
            <Chart option label>
                {still}
            </Chart>
            <p class="panel__hint">{td_string!(locale, history.keys)}</p>
            <CompareTable rooms metric />
        </section>
    }
}
