//! The home: one sentence for all rooms, then a card per room. A stranger sees what this is instead.

use leptos::prelude::*;
use leptos_meta::Title;

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
        {home.demo.then(|| view! { <DemoBanner /> })}
        <ul class="cards">{home.rooms.into_iter().map(card).collect_view()}</ul>
        {compare}
        <p class="more">
            <a class="button button--quiet" href="/alerts">{td_string!(use_locale(), alerts.title)}</a>
        </p>
    }
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
