//! Which quantity, and over how many days: links, so that they work without script and can be kept.
#![expect(
    clippy::needless_pass_by_value,
    reason = "components own their props, whether they consume them or not"
)]

use leptos::prelude::*;

use super::wish::{PERIODS, Wish};
use crate::components::{Segment, Segmented};
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::words::metric::Metric;

/// Temperature or humidity; `href` is the address of the page with another wish.
#[component]
pub fn MetricChoice(wish: Wish, href: Box<dyn Fn(Wish) -> String>) -> impl IntoView {
    let locale = use_locale();
    let segments = [Metric::Temperature, Metric::Humidity].map(|metric| Segment {
        name: metric.words(locale),
        href: href(Wish { metric, ..wish }),
        chosen: metric == wish.metric,
    });
    view! { <Segmented label=td_string!(locale, room.metric) segments=segments.into() /> }
}

/// How far back; `href` is the address of the page with another wish.
#[component]
pub fn PeriodChoice(wish: Wish, href: Box<dyn Fn(Wish) -> String>) -> impl IntoView {
    let locale = use_locale();
    let segments = PERIODS.map(|days| Segment {
        name: period(locale, days),
        href: href(Wish { days, ..wish }),
        chosen: days == wish.days,
    });
    view! { <Segmented label=td_string!(locale, room.period) segments=segments.into() /> }
}

fn period(locale: Locale, days: u16) -> &'static str {
    match days {
        7 => td_string!(locale, room.days_7),
        30 => td_string!(locale, room.days_30),
        90 => td_string!(locale, room.days_90),
        _ => td_string!(locale, room.days_365),
    }
}
