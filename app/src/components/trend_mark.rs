//! Which way a room's temperature goes: an arrow and a word.

use domain::trend::{Direction, Trend};
use leptos::prelude::*;

use super::icon::{Icon, Shape};
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::words::number::tenths;

/// "↗ 오르는 중", with the figures for whoever asks.
#[component]
pub fn TrendMark(
    /// The change.
    trend: Trend,
    /// Whether to write the figures out instead of hiding them in a tooltip.
    #[prop(optional)]
    in_full: bool,
) -> impl IntoView {
    let locale = use_locale();
    let (minutes, delta) = (trend.minutes, tenths(trend.delta_c.abs()));
    let direction = trend.direction();
    let (shape, word, detail) = match direction {
        Direction::Rising => (
            Shape::Up,
            td_string!(locale, trend.rising),
            td_string!(locale, trend.rising_detail, minutes = minutes, delta = delta),
        ),
        Direction::Falling => (
            Shape::Down,
            td_string!(locale, trend.falling),
            td_string!(locale, trend.falling_detail, minutes = minutes, delta = delta),
        ),
        Direction::Steady => (
            Shape::Level,
            td_string!(locale, trend.steady),
            td_string!(locale, trend.steady_detail, minutes = minutes),
        ),
    };
    let words = if in_full { detail.clone() } else { word.to_owned() };
    view! {
        <span class=format!("trend trend--{}", direction.as_str()) title=detail>
            <Icon shape=shape />
            {words}
        </span>
    }
}
