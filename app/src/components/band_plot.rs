//! Daily averages with their band from low to high, as the server draws them: there before any script, and
//! all there is without it.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::api::rooms::{Band, DayPoint};
use crate::context::use_locale;
use crate::words::metric::Metric;
use crate::words::moment;

/// A still chart of the days.
#[component]
pub fn BandPlot(
    /// Every day of the period, oldest first.
    days: Vec<DayPoint>,
    /// What to show.
    metric: Metric,
    /// What it is, for screen readers.
    label: String,
) -> impl IntoView {
    let locale = use_locale();
    let bands: Vec<Option<Band>> = days.iter().map(|day| metric.of(day.t, day.h)).collect();
    let values = bands.iter().flatten().flat_map(|band| [band.min, band.max]);
    let Some(scale) = Scale::fit(values, metric.least_span()) else {
        return view! { <div class="band-plot" role="img" aria-label=label></div> }.into_any();
    };
    let averages: Vec<_> = bands.iter().map(|band| band.map(|band| band.avg)).collect();
    let ranges: Vec<_> = bands.iter().map(|band| band.map(|band| (band.min, band.max))).collect();
    let (low, high) = plot::extremes(ranges.iter().flatten().flat_map(|(low, high)| [*low, *high])).unwrap_or_default();
    let date = |day: Option<&DayPoint>| day.map(|day| moment::date(locale, &day.day));
    view! {
        <div class="band-plot">
            <svg
                viewBox=format!("0 0 {} {}", plot::width(days.len()), plot::HEIGHT)
                preserveAspectRatio="none"
                role="img"
                aria-label=label
            >
                <path class="band-plot__band" d=plot::band(&ranges, scale)></path>
                <path class="band-plot__line" d=plot::line(&averages, scale) vector-effect="non-scaling-stroke"></path>
            </svg>
            <span class="band-plot__high" aria-hidden="true">{metric.figure(high)}</span>
            <span class="band-plot__low" aria-hidden="true">{metric.figure(low)}</span>
            <span class="band-plot__from" aria-hidden="true">{date(days.first())}</span>
            <span class="band-plot__to" aria-hidden="true">{date(days.last())}</span>
        </div>
    }
    .into_any()
}
