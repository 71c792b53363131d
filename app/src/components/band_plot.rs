//! Averages with their band from low to high, as the server draws them: there before any script, and all there is
//! without it.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::api::rooms::Band;
use crate::context::use_degrees;
use crate::words::metric::Metric;

/// A still chart.
#[component]
pub fn BandPlot(
    /// One place per name, from left to right.
    names: Vec<String>,
    /// What was measured at each; `None` is a gap.
    bands: Vec<Option<Band>>,
    /// Where alerts fired.
    #[prop(optional)]
    marks: Vec<usize>,
    /// What is shown.
    metric: Metric,
    /// What it is, for screen readers.
    label: String,
) -> impl IntoView {
    let degrees = use_degrees();
    let values = bands.iter().flatten().flat_map(|band| [band.min, band.max]);
    let Some(scale) = Scale::fit(values, metric.least_span()) else {
        return view! { <div class="band-plot" role="img" aria-label=label></div> }.into_any();
    };
    let averages: Vec<_> = bands.iter().map(|band| band.map(|band| band.avg)).collect();
    let ranges: Vec<_> = bands.iter().map(|band| band.map(|band| (band.min, band.max))).collect();
    let (low, high) = plot::extremes(ranges.iter().flatten().flat_map(|(low, high)| [*low, *high])).unwrap_or_default();
    view! {
        <div class="band-plot">
            <svg
                viewBox=format!("0 0 {} {}", plot::width(bands.len()), plot::HEIGHT)
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <path class="band-plot__band" d=plot::band(&ranges, scale)></path>
                <path class="band-plot__mark" d=plot::marks(&marks) vector-effect="non-scaling-stroke"></path>
                <path class="band-plot__line" d=plot::line(&averages, scale) vector-effect="non-scaling-stroke"></path>
            </svg>
            <span class="band-plot__high" aria-hidden="true">{metric.figure(degrees, high)}</span>
            <span class="band-plot__low" aria-hidden="true">{metric.figure(degrees, low)}</span>
            <span class="band-plot__from" aria-hidden="true">{names.first().cloned()}</span>
            <span class="band-plot__to" aria-hidden="true">{names.last().cloned()}</span>
        </div>
    }
    .into_any()
}
