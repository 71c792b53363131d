//! The chart of daily averages: drawn still by the server, made to answer to the finger by the browser.

use leptos::html::Div;
use leptos::prelude::*;

use crate::platform;

/// A chart over its still picture.
#[island]
pub fn DailyChart(
    /// What to draw, as JSON for the chart library.
    option: String,
    /// The still picture.
    children: Children,
) -> impl IntoView {
    let stage = NodeRef::<Div>::new();
    let drawn = RwSignal::new(false);
    platform::draw_chart(stage, option, drawn);
    view! {
        <figure class="chart" class:chart--drawn=drawn>
            {children()}
            <div class="chart__stage" node_ref=stage aria-hidden="true"></div>
        </figure>
    }
}
