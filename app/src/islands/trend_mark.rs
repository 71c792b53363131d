//! Which way a room's temperature goes: an arrow and a word.

use domain::trend::{Direction, Trend};
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::context::{LiveRoom, use_degrees, use_locale};
use crate::i18n::{Locale, td_string};
use crate::words::degrees::Degrees;
use crate::words::number::tenths;

/// "↗ 오르는 중", with the figures for whoever asks. Empty until there is enough to tell.
#[component]
pub fn TrendMark(
    /// The room.
    room: LiveRoom,
    /// Whether to write the figures out instead of hiding them in a tooltip.
    #[prop(optional)]
    in_full: bool,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let trend = Memo::new(move |_| room.trend());
    let direction = move || trend.get().map_or(Direction::Steady, Trend::direction);
    let title = move || trend.get().map(|trend| figures(locale, degrees, trend));
    let words = move || match trend.get() {
        None => String::new(),
        Some(trend) if in_full => figures(locale, degrees, trend),
        Some(trend) => word(locale, trend).to_owned(),
    };
    let shape = move || match direction() {
        Direction::Rising => Shape::Up,
        Direction::Falling => Shape::Down,
        Direction::Steady => Shape::Level,
    };
    view! {
        <span
            class=move || format!("trend trend--{}", direction().as_str())
            title=title
            hidden=move || trend.get().is_none()
        >
            <Icon shape=Signal::derive(shape) />
            <span>{words}</span>
        </span>
    }
}

fn word(locale: Locale, trend: Trend) -> &'static str {
    match trend.direction() {
        Direction::Rising => td_string!(locale, trend.rising),
        Direction::Falling => td_string!(locale, trend.falling),
        Direction::Steady => td_string!(locale, trend.steady),
    }
}

fn figures(locale: Locale, degrees: Degrees, trend: Trend) -> String {
    let (minutes, delta) = (trend.minutes, tenths(degrees.of_difference(trend.delta_c.abs())));
    match trend.direction() {
        Direction::Rising => td_string!(locale, trend.rising_detail, minutes = minutes, delta = delta),
        Direction::Falling => td_string!(locale, trend.falling_detail, minutes = minutes, delta = delta),
        Direction::Steady => td_string!(locale, trend.steady_detail, minutes = minutes),
    }
}
