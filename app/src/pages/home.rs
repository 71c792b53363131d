//! The home: one sentence for all rooms, then a card per room. A stranger sees what this is instead.

use leptos::prelude::*;
use leptos_meta::Title;

use super::check_home::check_home;
use super::landing::Landing;
use super::refusal::refused;
use super::seeds::plant;
use crate::api::rooms::{HomeView, RoomCard};
use crate::backend::{answer, backend, find_current_user};
use crate::components::{DemoBanner, EmptyHome, Sparkline, TodayLine};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{LiveCard, StatusLine};

/// `/`
#[component]
pub fn HomePage() -> impl IntoView {
    let Some(who) = find_current_user() else {
        return view! { <Landing /> }.into_any();
    };
    let backend = backend();
    let home = async move { answer(backend.home(who.id).await) };
    view! {
        <Title text=td_string!(use_locale(), site.home) />
        <Suspense>
            {Suspend::new(async move {
                match home.await {
                    Ok(home) => view! { <Home home /> }.into_any(),
                    Err(error) => refused(error, "/"),
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Home(home: HomeView) -> impl IntoView {
    let seeds = plant(&home.rooms);
    let sentence = if home.rooms.is_empty() {
        view! { <EmptyHome /> }.into_any()
    } else {
        view! { <StatusLine /> }.into_any()
    };
    let compare = (home.rooms.len() > 1).then(|| {
        view! {
            <p class="more">
                <a class="button button--quiet" href="/compare">{td_string!(use_locale(), history.compare_link)}</a>
            </p>
        }
    });
    view! {
        {seeds}
        <p class="household">{home.household}</p>
        {sentence}
        {(home.may_ask && !home.rooms.is_empty()).then(check_home)}
        {home.demo.then(|| view! { <DemoBanner /> })}
        {home.untold.then(untold)}
        {groups(home.rooms).into_iter().map(group).collect_view()}
        {compare}
    }
}

/// That alerts would not arrive is said before the day they are needed.
fn untold() -> AnyView {
    view! {
        <p class="notice notice--problem" role="alert">
            <a href="/settings/notifications">{td_string!(use_locale(), notifications.untold)}</a>
        </p>
    }
    .into_any()
}

/// Devices by the room they are shown under, in the order in which those first come. One without a room is shown
/// before them.
fn groups(cards: Vec<RoomCard>) -> Vec<(String, Vec<RoomCard>)> {
    let mut groups: Vec<(String, Vec<RoomCard>)> = Vec::new();
    for card in cards {
        match groups.iter_mut().find(|(room, _)| *room == card.room) {
            Some((_, group)) => group.push(card),
            None => groups.push((card.room.clone(), vec![card])),
        }
    }
    groups.sort_by_key(|(room, _)| !room.is_empty());
    groups
}

fn group((room, cards): (String, Vec<RoomCard>)) -> AnyView {
    let heading = (!room.is_empty()).then(|| view! { <h2 class="cards__room">{room}</h2> });
    view! {
        {heading}
        <ul class="cards">{cards.into_iter().map(card).collect_view()}</ul>
    }
    .into_any()
}

/// Erased, so that the compiler need not spell out the type of a whole page.
fn card(card: RoomCard) -> AnyView {
    let renewed = format!("{}-past", card.serial);
    view! {
        <li>
            <LiveCard serial=card.serial>
                <div class="card__past" data-renewed=renewed>
                    <Sparkline values=card.spark />
                    <TodayLine today=card.today />
                </div>
            </LiveCard>
        </li>
    }
    .into_any()
}
