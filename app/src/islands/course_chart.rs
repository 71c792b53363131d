//! The last 24 hours of a room, growing as readings come in.

use leptos::html::Div;
use leptos::prelude::*;

use crate::context::{CourseItem, LiveRoom, use_degrees, use_rooms};
use crate::platform;

/// A chart over its still picture.
#[island]
pub fn CourseChart(
    /// Serial number of the room's device.
    serial: String,
    /// What to draw, as JSON for the chart library.
    option: String,
    /// What it is, for who comes to it by keyboard.
    label: String,
    /// What the device's wall clock is ahead of UTC, ms.
    offset_ms: i64,
    /// Whether it shows the humidity instead of the temperature.
    humidity: bool,
    /// The still picture.
    children: Children,
) -> impl IntoView {
    let (stage, drawn, degrees) = (NodeRef::<Div>::new(), RwSignal::new(false), use_degrees());
    let room = use_rooms().find(&serial);
    let read = move |room: LiveRoom| {
        let reading = room.reading.get()?;
        let (value, mark) = if humidity {
            (reading.h?, "%")
        } else {
            (degrees.of(reading.t?), "°")
        };
        Some(CourseItem::new(reading.at + offset_ms, value, mark))
    };
    let newest = Memo::new(move |_| room.and_then(read));
    platform::draw_chart(stage, option, drawn, Some(newest.into()));
    view! {
        <figure class="chart" class:chart--drawn=drawn role="group" aria-label=label data-serial=serial>
            {children()}
            <div class="chart__stage" node_ref=stage aria-hidden="true"></div>
        </figure>
    }
}
