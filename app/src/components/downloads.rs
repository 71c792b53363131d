//! The figures of a period as files, straight from the documented API.

use leptos::prelude::*;

use crate::api::rooms::DayPoint;
use crate::context::use_locale;
use crate::i18n::td_string;
use crate::islands::{Icon, Shape};

/// Links to daily and two-hour averages as CSV.
#[component]
pub fn Downloads(
    /// Serial number of the device.
    serial: String,
    /// Every day of the period, oldest first.
    days: Vec<DayPoint>,
) -> impl IntoView {
    let locale = use_locale();
    let (from, to) = (
        days.first().map(|day| day.day.clone()),
        days.last().map(|day| day.day.clone()),
    );
    let href = move |step: &str| {
        let (from, to) = (from.clone()?, to.clone()?);
        Some(format!(
            "/api/v1/devices/{serial}/history?from={from}&to={to}&step={step}&format=csv&header={locale}"
        ))
    };
    view! {
        <p class="downloads">
            <Icon shape=Shape::Download />
            <span>{td_string!(locale, room.download)}</span>
            <a href=href("day") download="">{td_string!(locale, room.download_daily)}</a>
            <a href=href("2h") download="">{td_string!(locale, room.download_slots)}</a>
        </p>
    }
}
