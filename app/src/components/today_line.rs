//! Today's average, low and high, and how much of the day they speak for.

use leptos::prelude::*;

use crate::api::rooms::Today;
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::age;
use crate::words::coverage::percent;
use crate::words::number::MISSING;

/// "오늘 평균 22.9 · 최저 21.2 · 최고 24.1 · 기록 98%"
#[component]
pub fn TodayLine(
    /// Today so far, if anything was measured.
    today: Option<Today>,
) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let Some(today) = today else {
        return view! { <p class="today today--none">{td_string!(locale, card.today_none)}</p> }.into_any();
    };
    let figure = |name: &'static str, value: Option<f64>| {
        let value = value.map_or_else(|| MISSING.to_owned(), |value| degrees.short(value));
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let minutes = |minutes: u32| age::duration(locale, i64::from(minutes) * 60_000);
    let detail = td_string!(
        locale,
        card.coverage_detail,
        covered = minutes(today.covered_min),
        elapsed = minutes(today.elapsed_min)
    );
    view! {
        <dl class="today">
            <div class="today__lead">
                <dt>
                    <span class="today__label">{td_string!(locale, card.today)}</span>
                    " "
                    {td_string!(locale, card.average)}
                </dt>
                <dd>{today.t_avg.map_or_else(|| MISSING.to_owned(), |avg| degrees.short(avg))}</dd>
            </div>
            {figure(td_string!(locale, card.low), today.t_min)}
            {figure(td_string!(locale, card.high), today.t_max)}
            <div class="today__coverage" title=detail>
                <dt class="visually-hidden">{td_string!(locale, room.coverage)}</dt>
                <dd>{td_string!(locale, card.coverage, percent = percent(today.coverage))}</dd>
            </div>
        </dl>
    }
    .into_any()
}
