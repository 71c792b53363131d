//! Which line is which room, and what each was on average.

use leptos::prelude::*;

use crate::api::history::ComparedRoom;
use crate::charts::LINES;
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::coverage::short_hours;
use crate::words::metric::Metric;
use crate::words::number::MISSING;

/// One row per room, in the order of the home.
#[component]
pub fn CompareTable(
    /// The rooms.
    rooms: Vec<ComparedRoom>,
    /// What to show.
    metric: Metric,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let figure =
        move |value: Option<f64>| value.map_or_else(|| MISSING.to_owned(), |value| metric.figure(degrees, value));
    let row = move |(place, compared): (usize, ComparedRoom)| {
        let bands = || compared.days.iter().filter_map(|day| metric.of(day.t, day.h));
        let low = bands().map(|band| band.min).reduce(f64::min);
        let high = bands().map(|band| band.max).reduce(f64::max);
        let sum = |of: fn(&crate::api::rooms::DayPoint) -> u32| compared.days.iter().map(of).sum::<u32>();
        let coverage = short_hours(locale, sum(|day| day.covered_min), sum(|day| day.length_min));
        let dashed = if place >= LINES.len() { " legend--dashed" } else { "" };
        let href = format!("/devices/{}?metric={}#daily", compared.room.serial, metric.as_str());
        view! {
            <tr>
                <th scope="row">
                    <a href=href>
                        <span class=format!("legend {}{dashed}", LINES[place % LINES.len()]) aria-hidden="true"></span>
                        {compared.room.name.clone()}
                    </a>
                </th>
                <td>{figure(metric.mean(compared.means))}</td>
                <td>{figure(low)}</td>
                <td>{figure(high)}</td>
                <td>{coverage}</td>
            </tr>
        }
    };
    view! {
        <div class="days">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, history.room)}</th>
                        <th scope="col">{td_string!(locale, card.average)}</th>
                        <th scope="col">{td_string!(locale, card.low)}</th>
                        <th scope="col">{td_string!(locale, card.high)}</th>
                        <th scope="col">{td_string!(locale, room.coverage)}</th>
                    </tr>
                </thead>
                <tbody>{rooms.into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
