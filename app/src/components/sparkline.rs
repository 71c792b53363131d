//! The last 24 hours of a room in one quiet line, drawn by the server.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::number::tenths;

/// A room within these °C all day keeps a nearly flat line.
const LEAST_SPAN_C: f64 = 3.0;

/// A line through half-hour means, oldest first; `None` is a gap.
#[component]
pub fn Sparkline(
    /// Mean temperatures, °C.
    values: Vec<Option<f64>>,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let figure = |celsius| tenths(degrees.of(celsius));
    let label = plot::extremes(values.iter().flatten().copied()).map_or_else(
        || td_string!(locale, card.spark_none).to_owned(),
        |(low, high)| td_string!(locale, card.spark, low = figure(low), high = figure(high)),
    );
    let path = Scale::fit(values.iter().flatten().copied(), LEAST_SPAN_C)
        .map(|scale| plot::line(&values, scale))
        .unwrap_or_default();
    view! {
        <svg
            class="sparkline"
            viewBox=format!("0 0 {} {}", plot::width(values.len()), plot::HEIGHT)
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <path d=path vector-effect="non-scaling-stroke"></path>
        </svg>
    }
}
