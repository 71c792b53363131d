//! Makes the page's clock run, in the server's time: a phone whose clock is wrong still tells true ages.

use std::time::Duration;

use js_sys::{Date, Reflect};
use leptos::prelude::{set_interval, window};

use crate::context::Clock;

/// Ticks now and then every second for as long as the page lives.
pub fn start(clock: Clock) {
    let skew_ms = skew_ms(clock);
    let tick = move || clock.tick(now_ms() + skew_ms);
    tick();
    set_interval(tick, Duration::from_secs(1));
}

/// How far the server's clock is ahead of this device's: the document says when the server answered, the
/// browser remembers when that answer arrived.
fn skew_ms(clock: Clock) -> i64 {
    clock.served_at() - answer_arrived_ms().unwrap_or_else(now_ms)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a date in ms is an integer far below 2^53"
)]
fn answer_arrived_ms() -> Option<i64> {
    let performance = window().performance()?;
    let navigation = performance.get_entries_by_type("navigation").get(0);
    let after_ms = Reflect::get(&navigation, &"responseStart".into()).ok()?.as_f64()?;
    Some((performance.time_origin() + after_ms) as i64)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a date in ms is an integer far below 2^53"
)]
fn now_ms() -> i64 {
    Date::now() as i64
}
