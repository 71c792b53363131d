//! The browser's side: the circumstances of a page are written on it, time passes, and news comes in.

mod chart;
mod document;
mod keepsake;
mod passkey;
mod push;
mod renewal;
mod socket;
mod submission;
mod ticker;

use std::time::Duration;

use leptos::prelude::*;

pub use chart::draw_chart;
pub use document::page;
pub use passkey::ask_for_passkey;
pub use push::{find_push_hindrance, switch_push_on};
pub use submission::send_form;

use crate::context::{Clock, Link, Rooms};

/// Wakes the page: tells its islands what the server told, then lets time pass and news in.
///
/// Call it before the islands are hydrated. Nothing moves until all of them have been: the page's script does
/// that without letting go of the thread, and a timeout comes after.
pub fn wake() {
    let page = document::page();
    let clock = Clock::new(page.served_at);
    let link = RwSignal::new(Link::Idle);
    let rooms = document::seeds(&leptos::prelude::document()).map(|seeds| Rooms::new(seeds, clock));
    provide_context(page);
    provide_context(clock);
    provide_context(link);
    let Some(rooms) = rooms else { return };
    provide_context(rooms);
    set_timeout(
        move || {
            ticker::start(clock);
            keepsake::keep(rooms);
            socket::connect(link, rooms, clock);
        },
        Duration::ZERO,
    );
}
