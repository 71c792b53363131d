//! One room on the home page.

use leptos::prelude::*;

use super::{Freshness, ReadingNow, TrendMark};
use crate::context::use_rooms;
use crate::words::status::Level;

/// Name, freshness, value and trend, alive; what the server drew of the past hangs below. The whole card leads
/// to the room.
#[island]
pub fn LiveCard(
    /// Serial number of the room's device.
    serial: String,
    /// The last 24 hours, and today.
    children: Children,
) -> impl IntoView {
    let room = use_rooms().find(&serial).expect("the page knows the rooms it shows");
    let level = Memo::new(move |_| room.state().concern().map_or(Level::Calm, |(level, _)| level));
    let classes = move || {
        let stale = if room.stale() { " card--stale" } else { "" };
        format!("card card--{}{stale}", level.get().as_str())
    };
    let href = format!("/devices/{serial}");
    view! {
        <article class=classes data-serial=serial>
            <div class="card__head">
                <h2 class="card__name">
                    <a href=href>{move || room.name()}</a>
                </h2>
                <Freshness room />
            </div>
            <div class="card__now">
                <ReadingNow room />
                <TrendMark room />
            </div>
            {children()}
        </article>
    }
}
