//! One line or several over the same time, as the server draws them.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::charts::LINES;
use crate::context::use_degrees;
use crate::words::metric::Metric;

/// A still chart.
#[component]
pub fn LinePlot(
    /// Values from left to right, of each line as many; `None` is a gap.
    lines: Vec<Vec<Option<f64>>>,
    /// What stands under the first and the last value.
    ends: (String, String),
    /// Where alerts fired.
    #[prop(optional)]
    marks: Vec<usize>,
    /// What is shown.
    metric: Metric,
    /// What it is, for screen readers.
    label: String,
) -> impl IntoView {
    let degrees = use_degrees();
    let values = || lines.iter().flatten().flatten().copied();
    let (Some(scale), Some((low, high))) = (Scale::fit(values(), metric.least_span()), plot::extremes(values())) else {
        return view! { <div class="band-plot" role="img" aria-label=label></div> }.into_any();
    };
    let width = plot::width(lines.first().map_or(0, Vec::len));
    // A lone line has the colour of the page, several have their own.
    let class = |place: usize| {
        if lines.len() == 1 {
            return "band-plot__line".to_owned();
        }
        let dashed = if place >= LINES.len() {
            " band-plot__line--dashed"
        } else {
            ""
        };
        format!("band-plot__line {}{dashed}", LINES[place % LINES.len()])
    };
    let path = |(place, line): (usize, &Vec<Option<f64>>)| {
        view! { <path class=class(place) d=plot::line(line, scale) vector-effect="non-scaling-stroke"></path> }
    };
    let paths = lines.iter().enumerate().map(path).collect_view();
    view! {
        <div class="band-plot">
            <svg viewBox=format!("0 0 {width} {}", plot::HEIGHT) preserveAspectRatio="none" role="img" aria-label=label>
                <path class="band-plot__mark" d=plot::marks(&marks) vector-effect="non-scaling-stroke"></path>
                {paths}
            </svg>
            <span class="band-plot__high" aria-hidden="true">{metric.figure(degrees, high)}</span>
            <span class="band-plot__low" aria-hidden="true">{metric.figure(degrees, low)}</span>
            <span class="band-plot__from" aria-hidden="true">{ends.0}</span>
            <span class="band-plot__to" aria-hidden="true">{ends.1}</span>
        </div>
    }
    .into_any()
}
