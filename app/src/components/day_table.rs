//! The days of a chart as a table, folded away: for readers who cannot see the chart or want the figures.

use leptos::prelude::*;

use crate::api::rooms::DayPoint;
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::coverage::short_hours;
use crate::words::metric::Metric;
use crate::words::moment;
use crate::words::number::MISSING;

/// One row per day, the newest first.
#[component]
pub fn DayTable(
    /// Whose days: each date leads to its own page.
    serial: String,
    /// Every day of the period, oldest first.
    days: Vec<DayPoint>,
    /// What to show.
    metric: Metric,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let row = move |day: DayPoint| {
        let band = metric.of(day.t, day.h);
        let figure =
            |value: Option<f64>| value.map_or_else(|| MISSING.to_owned(), |value| metric.figure(degrees, value));
        let href = format!("/devices/{serial}/history?day={}&metric={}", day.day, metric.as_str());
        view! {
            <tr>
                <th scope="row">
                    <a href=href>
                        <time datetime=day.day.clone()>{moment::date(locale, &day.day)}</time>
                    </a>
                </th>
                <td>{figure(band.map(|band| band.avg))}</td>
                <td>{figure(band.map(|band| band.min))}</td>
                <td>{figure(band.map(|band| band.max))}</td>
                <td>{short_hours(locale, day.covered_min, day.length_min)}</td>
            </tr>
        }
    };
    view! {
        <details class="days">
            <summary>{td_string!(locale, room.table)}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, room.day)}</th>
                        <th scope="col">{td_string!(locale, card.average)}</th>
                        <th scope="col">{td_string!(locale, card.low)}</th>
                        <th scope="col">{td_string!(locale, card.high)}</th>
                        <th scope="col">{td_string!(locale, room.coverage)}</th>
                    </tr>
                </thead>
                <tbody>{days.into_iter().rev().map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}
