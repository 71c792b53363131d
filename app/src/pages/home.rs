//! The home: one sentence for all rooms, then a card per room. A stranger sees what this is instead.

use leptos::prelude::*;
use leptos_meta::Title;

use super::landing::Landing;
use super::last_good::LastGood;
use crate::api::rooms::{self, HomeView};
use crate::components::{DemoBanner, EmptyHome, RoomCardView, Skeleton, StatusLine, Trouble};
use crate::context::{LiveRoom, use_live, use_locale, use_page};
use crate::error::AppError;
use crate::i18n::td_string;
use crate::platform;

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    if use_page().viewer.is_none() {
        return view! { <Landing /> }.into_any();
    }
    let live = use_live();
    let home = Resource::new_blocking(move || live.epoch(), |_| rooms::home());
    let kept = LastGood::new();
    view! {
        <Title text=td_string!(use_locale(), site.home) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {move || Suspend::new(async move {
                match kept.settle((), home.await) {
                    Ok(home) => view! { <Rooms home /> }.into_any(),
                    Err(error) => refused(error, "/"),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// What a page shows instead of its data. A session that ended leads to a new one, and back to `here`.
pub fn refused(error: AppError, here: &str) -> AnyView {
    if error == AppError::Unauthenticated {
        platform::leave_for_sign_in(here);
    }
    view! { <Trouble error /> }.into_any()
}

#[component]
fn Rooms(home: HomeView) -> impl IntoView {
    let rooms: Vec<_> = home
        .rooms
        .into_iter()
        .map(|card| {
            let room = LiveRoom::new(&card);
            (card, room)
        })
        .collect();
    let live_rooms: Vec<LiveRoom> = rooms.iter().map(|(_, room)| *room).collect();
    let empty = live_rooms.is_empty();
    let cards = rooms
        .into_iter()
        .map(|(card, room)| view! { <RoomCardView card room /> });
    view! {
        <p class="household">{home.household}</p>
        {if empty {
            view! { <EmptyHome /> }.into_any()
        } else {
            view! { <StatusLine rooms=live_rooms /> }.into_any()
        }}
        {home.demo.then(|| view! { <DemoBanner /> })}
        <ul class="cards">{cards.collect_view()}</ul>
    }
}
