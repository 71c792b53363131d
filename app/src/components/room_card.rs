//! One room on the home page.

use leptos::prelude::*;

use super::freshness::Freshness;
use super::reading_now::ReadingNow;
use super::sparkline::Sparkline;
use super::today_line::TodayLine;
use super::trend_mark::TrendMark;
use crate::api::rooms::RoomCard;
use crate::context::LiveRoom;
use crate::words::status::{Concern, Level};

/// Name, value, freshness, trend, the last 24 hours, and today. The whole card leads to the room.
#[component]
pub fn RoomCardView(
    /// What the server knew when it rendered the page.
    card: RoomCard,
    /// The room as of now.
    room: LiveRoom,
) -> impl IntoView {
    let level = Memo::new(move |_| room.state().concern().map_or(Level::Calm, Concern::level));
    let classes = move || {
        let stale = if room.stale() { " card--stale" } else { "" };
        format!("card card--{}{stale}", level.get().as_str())
    };
    let href = format!("/devices/{}", card.serial);
    view! {
        <li class=classes data-serial=card.serial>
            <div class="card__head">
                <h2 class="card__name">
                    <a href=href>{card.name}</a>
                </h2>
                <Freshness room />
            </div>
            <div class="card__now">
                <ReadingNow room />
                {room.trend().map(|trend| view! { <TrendMark trend /> })}
            </div>
            <Sparkline values=card.spark />
            <TodayLine today=card.today />
        </li>
    }
}
