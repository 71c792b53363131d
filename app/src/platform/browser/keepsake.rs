//! Writes on the page, every few seconds, what the socket has told: `public/installed.js` keeps it for when the server is
//! gone.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::time::Duration;

use leptos::prelude::{WithUntracked as _, document, set_interval};

use crate::context::Rooms;

/// What may be lost when the page is closed.
const PERIOD: Duration = Duration::from_secs(2);

/// Keeps the page's own record of its rooms up to date for as long as it lives.
pub fn keep(rooms: Rooms) {
    let written = RefCell::new(String::new());
    let write = move || {
        let latest = latest(rooms);
        if latest == *written.borrow() {
            return;
        }
        if let Some(place) = document().get_element_by_id("rooms") {
            // A refusal leaves what was kept before.
            let _ = place.set_attribute("data-latest", &latest);
        }
        written.replace(latest);
    };
    set_interval(write, PERIOD);
}

/// A line of `serial at t h` for every room that was measured; `-` is what the sensor did not tell.
fn latest(rooms: Rooms) -> String {
    let mut lines = String::new();
    for room in rooms.all() {
        let serial = room.serial();
        room.reading.with_untracked(|reading| {
            let Some(reading) = reading else { return };
            let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            let (t, h) = (number(reading.t), number(reading.h));
            writeln!(lines, "{serial} {} {t} {h}", reading.at).expect("a String takes everything");
        });
    }
    lines
}
