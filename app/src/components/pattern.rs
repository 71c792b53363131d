//! What the hours of each weekday are like: a table whose cells are coloured by their value.

use leptos::prelude::*;

use crate::api::history::PatternCell;
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::history::{hours, weekday};
use crate::words::metric::Metric;
use crate::words::number::{MISSING, tenths, whole};

const SLOTS: usize = 12;
const WEEKDAYS: usize = 7;
/// Depths of colour in `pattern.css`.
const DEPTHS: f64 = 8.0;
/// Means over many days differ less than readings: this part of a chart's least span is enough.
const LEAST_PART: f64 = 0.5;

/// Weekdays from left to right, hours from top to bottom.
#[component]
pub fn Pattern(
    /// Cells that hold readings.
    cells: Vec<PatternCell>,
    /// What to show.
    metric: Metric,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let values: Vec<_> = cells
        .iter()
        .filter_map(|cell| Some(((cell.weekday, cell.slot), metric.mean(cell.means)?)))
        .collect();
    let find = |at| values.iter().find(|(place, _)| *place == at).map(|(_, value)| *value);
    let low = values.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = values.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let head = (0..WEEKDAYS).map(|day| {
        let short = weekday(td_string!(locale, history.weekdays), day);
        let long = weekday(td_string!(locale, history.weekdays_long), day);
        view! { <th scope="col"><abbr title=long>{short}</abbr></th> }
    });
    let head = head.collect_view();
    let cell = |value: Option<f64>| match value {
        None => view! { <td class="pattern__none">{MISSING}</td> }.into_any(),
        Some(value) => {
            let class = format!(
                "pattern__depth-{}",
                depth(value, low, high, metric.least_span() * LEAST_PART)
            );
            let title = metric.full(degrees, value);
            let figure = metric.of(tenths as fn(f64) -> String, whole)(metric.shown(degrees, value));
            view! { <td class=class title=title>{figure}</td> }.into_any()
        }
    };
    let row = |slot: usize| {
        let cells = (0..WEEKDAYS).map(|day| cell(find((day, slot)))).collect_view();
        view! { <tr><th scope="row">{hours(locale, slot)}</th>{cells}</tr> }
    };
    view! {
        <table class="pattern">
            <caption class="visually-hidden">
                {td_string!(locale, history.pattern)} ", " {metric.words(locale)} ", " {metric.of(degrees.symbol(), "%")}
            </caption>
            <thead>
                <tr>
                    <td></td>
                    {head}
                </tr>
            </thead>
            <tbody>{(0..SLOTS).map(row).collect_view()}</tbody>
        </table>
    }
}

/// From 0 to 8. A span below `least` is widened to it, so that a calm room looks calm.
#[expect(clippy::cast_possible_truncation, reason = "clamped to a handful")]
fn depth(value: f64, low: f64, high: f64, least: f64) -> i32 {
    let span = (high - low).max(least);
    let from = f64::midpoint(low, high) - span / 2.0;
    ((value - from) / span * DEPTHS).round().clamp(0.0, DEPTHS) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_is_filled_unless_the_room_is_calm() {
        assert_eq!((depth(10.0, 10.0, 30.0, 3.0), depth(30.0, 10.0, 30.0, 3.0)), (0, 8));
        assert_eq!((depth(21.0, 21.0, 21.3, 3.0), depth(21.3, 21.0, 21.3, 3.0)), (4, 4));
    }
}
