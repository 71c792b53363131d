//! A chart: drawn still by the server, made to answer to finger and keys by the browser.

use leptos::html::Div;
use leptos::prelude::*;

use crate::platform;

/// A chart over its still picture.
#[island]
pub fn Chart(
    /// What to draw, as JSON for the chart library.
    option: String,
    /// What it is, for who comes to it by keyboard.
    label: String,
    /// The still picture.
    children: Children,
) -> impl IntoView {
    let stage = NodeRef::<Div>::new();
    let drawn = RwSignal::new(false);
    platform::draw_chart(stage, option, drawn, None);
    view! {
        <figure class="chart" class:chart--drawn=drawn role="group" aria-label=label>
            {children()}
            <div class="chart__stage" node_ref=stage aria-hidden="true"></div>
        </figure>
    }
}
