//! Today in two-hour slots: a table that draws itself, so it reads without script and to every reader.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::api::rooms::{Band, SlotPoint};
use crate::context::use_locale;
use crate::i18n::{Locale, td_string};
use crate::words::coverage::percent;
use crate::words::metric::Metric;

/// Hours of a slot.
const SLOT_HOURS: usize = 2;

/// One row per slot of the day so far; slots without readings say so.
#[component]
pub fn SlotTable(
    /// Slots that hold readings, oldest first.
    slots: Vec<SlotPoint>,
    /// What to show.
    metric: Metric,
) -> impl IntoView {
    let locale = use_locale();
    if slots.is_empty() {
        return view! { <p class="slots-none">{td_string!(locale, room.slots_none)}</p> }.into_any();
    }
    let bands = slots.iter().filter_map(|slot| metric.of(slot.t, slot.h));
    let scale = Scale::fit(bands.flat_map(|band| [band.min, band.max]), metric.least_span());
    let rows = rows(&slots).into_iter().map(|(hour, slot)| {
        let band = slot.and_then(|slot| metric.of(slot.t, slot.h));
        view! { <SlotRow hour band coverage=slot.map_or(0.0, |slot| slot.coverage) scale metric /> }
    });
    view! {
        <table class="slots">
            <caption class="visually-hidden">{td_string!(locale, room.slots)}</caption>
            <thead class="visually-hidden">
                <tr>
                    <th scope="col">{td_string!(locale, room.time)}</th>
                    <th scope="col">{td_string!(locale, room.range)}</th>
                    <th scope="col">{td_string!(locale, card.average)}</th>
                    <th scope="col">{td_string!(locale, room.coverage)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Every slot from midnight to the newest one, by its first hour.
fn rows(slots: &[SlotPoint]) -> Vec<(usize, Option<&SlotPoint>)> {
    let place = |slot: &SlotPoint| hour(&slot.local) / SLOT_HOURS;
    let last = slots.last().map_or(0, place);
    (0..=last)
        .map(|row| (row * SLOT_HOURS, slots.iter().find(|slot| place(slot) == row)))
        .collect()
}

/// The hour of a local moment as the server writes it, 0 to 23.
fn hour(local: &str) -> usize {
    local.get(11..13).and_then(|hour| hour.parse().ok()).unwrap_or(0)
}

#[component]
fn SlotRow(hour: usize, band: Option<Band>, coverage: f64, scale: Option<Scale>, metric: Metric) -> impl IntoView {
    let locale = use_locale();
    let drawing = band.zip(scale).map(|(band, scale)| view! { <RangeBar band scale /> });
    let average = band.map_or_else(
        || td_string!(locale, room.slot_empty).to_owned(),
        |band| metric.figure(band.avg),
    );
    let range = band.map(|band| format!("{}–{}", metric.figure(band.min), metric.figure(band.max)));
    let coverage = percent(coverage);
    view! {
        <tr class:slots__row--empty=band.is_none()>
            <th scope="row">{hours(locale, hour)}</th>
            <td class="slots__range">
                {drawing}
                <span class="slots__figures">{range}</span>
            </td>
            <td class="slots__average">{average}</td>
            <td class="slots__coverage">{(coverage < 100).then(|| format!("{coverage}%"))}</td>
        </tr>
    }
}

/// From low to high with a dot at the average, on the scale of the whole day.
#[component]
fn RangeBar(band: Band, scale: Scale) -> impl IntoView {
    let x = move |value: f64| plot::HEIGHT - scale.y(value);
    let (low, high) = (x(band.min), x(band.max));
    view! {
        <svg class="range" viewBox=format!("0 0 {} 10", plot::HEIGHT) preserveAspectRatio="none" aria-hidden="true">
            <line class="range__span" x1=low x2=high y1="5" y2="5" vector-effect="non-scaling-stroke"></line>
            <line class="range__mean" x1=x(band.avg) x2=x(band.avg) y1="5" y2="5" vector-effect="non-scaling-stroke"></line>
        </svg>
    }
}

/// "06–08시"
fn hours(locale: Locale, from: usize) -> String {
    td_string!(
        locale,
        date.hours,
        from = format!("{from:02}"),
        to = format!("{:02}", from + SLOT_HOURS)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(local: &str) -> SlotPoint {
        SlotPoint {
            start: 0,
            end: 0,
            local: local.into(),
            t: None,
            h: None,
            coverage: 1.0,
        }
    }

    #[test]
    fn missing_slots_keep_their_row() {
        let slots = [slot("2026-11-20T02:00:00+09:00"), slot("2026-11-20T06:00:00+09:00")];
        let rows: Vec<_> = rows(&slots)
            .into_iter()
            .map(|(hour, slot)| (hour, slot.is_some()))
            .collect();
        assert_eq!(rows, [(0, false), (2, true), (4, false), (6, true)]);
    }
}
