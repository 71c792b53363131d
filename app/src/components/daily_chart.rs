//! The chart of daily averages: drawn still by the server, made to answer to the finger by the browser.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::band_plot::BandPlot;
use crate::api::charts::daily_chart;
use crate::api::rooms::DayPoint;
use crate::platform;
use crate::words::metric::Metric;

/// A chart of the days.
#[component]
pub fn DailyChart(
    /// Serial number of the device.
    serial: String,
    /// Every day of the period, oldest first.
    days: Vec<DayPoint>,
    /// What to show.
    metric: Metric,
    /// What it is, for screen readers.
    label: String,
) -> impl IntoView {
    let stage = NodeRef::<Div>::new();
    let option = RwSignal::new(None::<String>);
    let drawn = RwSignal::new(false);
    let period = u16::try_from(days.len()).unwrap_or(u16::MAX);
    Effect::new(move |_| {
        let serial = serial.clone();
        spawn_local(async move {
            // Without an answer the still chart stays: nothing is lost but the tooltip.
            if let Ok(json) = daily_chart(serial, period, metric.as_str().to_owned()).await {
                option.try_set(Some(json));
            }
        });
    });
    platform::draw_chart(stage, option, drawn);
    view! {
        <figure class="chart" class:chart--drawn=drawn>
            <BandPlot days metric label />
            <div class="chart__stage" node_ref=stage aria-hidden="true"></div>
        </figure>
    }
}
