//! Plants the rooms of a page: in the context for what the server renders, and in the page for its script.

use leptos::prelude::*;

use crate::api::rooms::{RoomCard, Seed};
use crate::context::{Rooms, use_clock};

/// Makes the rooms known to the islands of this page, and returns what tells the browser. Call it before the
/// islands are rendered.
pub fn plant(cards: &[RoomCard]) -> impl IntoView + use<> {
    let seeds: Vec<Seed> = cards.iter().map(Seed::from).collect();
    let json = serde_json::to_string(&seeds).expect("rooms are plain data");
    provide_context(Rooms::new(seeds, use_clock()));
    view! { <div id="rooms" hidden data-seeds=json></div> }
}
