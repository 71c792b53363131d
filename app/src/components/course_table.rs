//! The last 24 hours as a table, hour by hour.

use leptos::prelude::*;

use crate::api::history::CourseView;
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::metric::Metric;

const HOUR_MS: i64 = 3_600_000;

/// One row per hour of the room's clock that holds readings, the newest first.
#[component]
pub fn CourseTable(
    /// The last day.
    course: CourseView,
    /// What to show.
    metric: Metric,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let row = |(hour, mean): (i64, f64)| {
        let clock = format!("{:02}:00", hour.rem_euclid(24));
        view! { <tr><th scope="row">{clock}</th><td>{metric.figure(degrees, mean)}</td></tr> }
    };
    view! {
        <details class="days">
            <summary>{td_string!(locale, room.table)}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{td_string!(locale, room.time)}</th>
                        <th scope="col">{td_string!(locale, card.average)}</th>
                    </tr>
                </thead>
                <tbody>{by_hour(&course, metric).into_iter().rev().map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}

/// The mean of the points of each hour, by its number since 1970 of the room's clock.
fn by_hour(course: &CourseView, metric: Metric) -> Vec<(i64, f64)> {
    let mut hours: Vec<(i64, f64, f64)> = Vec::new();
    for point in &course.points {
        let Some(value) = metric.mean(point.means) else {
            continue;
        };
        let hour = (point.at + course.offset_ms).div_euclid(HOUR_MS);
        match hours.last_mut() {
            Some((last, sum, n)) if *last == hour => {
                *sum += value;
                *n += 1.0;
            }
            _ => hours.push((hour, value, 1.0)),
        }
    }
    hours.into_iter().map(|(hour, sum, n)| (hour, sum / n)).collect()
}
