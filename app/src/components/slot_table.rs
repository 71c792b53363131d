//! Today in two-hour slots: a table that draws itself, so it reads without script and to every reader.

use leptos::prelude::*;

use super::plot::{self, Scale};
use crate::api::rooms::{Band, SlotPoint};
use crate::context::{use_degrees, use_locale};
use crate::i18n::td_string;
use crate::words::coverage::percent;
use crate::words::history::{hours, slot_of};
use crate::words::metric::Metric;

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
    let rows = rows(&slots).into_iter().map(|(place, slot)| {
        let band = slot.and_then(|slot| metric.of(slot.t, slot.h));
        view! { <SlotRow place band coverage=slot.map_or(0.0, |slot| slot.coverage) scale metric /> }
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

/// Every slot from midnight to the newest one, by its place in the day.
fn rows(slots: &[SlotPoint]) -> Vec<(usize, Option<&SlotPoint>)> {
    let last = slots.last().map_or(0, |slot| slot_of(&slot.local));
    (0..=last)
        .map(|place| (place, slots.iter().find(|slot| slot_of(&slot.local) == place)))
        .collect()
}

#[component]
fn SlotRow(place: usize, band: Option<Band>, coverage: f64, scale: Option<Scale>, metric: Metric) -> impl IntoView {
    let (locale, degrees) = (use_locale(), use_degrees());
    let drawing = band.zip(scale).map(|(band, scale)| view! { <RangeBar band scale /> });
    let average = band.map_or_else(
        || td_string!(locale, room.slot_empty).to_owned(),
        |band| metric.figure(degrees, band.avg),
    );
    let range = band.map(|band| {
        format!(
            "{}–{}",
            metric.figure(degrees, band.min),
            metric.figure(degrees, band.max)
        )
    });
    let coverage = percent(coverage);
    view! {
        <tr class:slots__row--empty=band.is_none()>
            <th scope="row">{hours(locale, place)}</th>
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
            .map(|(place, slot)| (place, slot.is_some()))
            .collect();
        assert_eq!(rows, [(0, false), (1, true), (2, false), (3, true)]);
    }
}
