//! Roll-ups: the contract's formula, in whatever order readings come.

use domain::reading::Measured;
use domain::rollup::{Aggregate, OpenSlot, OutOfOrder, Rollup, Slot, cap_ms};
use domain::time::Timestamp;
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_millis(1_795_161_600_000);
const SLOT: Slot = Slot {
    start: START,
    end: START.plus_millis(7_200_000),
};

type Reading = (Timestamp, Measured);

fn reading(second: i64, t: Option<f64>, h: Option<f64>) -> Reading {
    (START.plus_millis(second * 1000), Measured { t, h })
}

/// The formula as the contract writes it, by somebody who has never heard of tails.
fn by_the_book(readings: &[(Timestamp, f64)], cap_ms: i64) -> Option<Aggregate> {
    let weight = |(i, (at, _)): (usize, &(Timestamp, f64))| {
        let next = readings.get(i + 1).map_or(i64::MAX, |(next, _)| next.since(*at));
        next.min(cap_ms).min(SLOT.end.since(*at))
    };
    let values = || readings.iter().map(|(_, value)| *value);
    readings.first()?;
    Some(Aggregate {
        sum: readings
            .iter()
            .enumerate()
            .map(|r| r.1.1 * weight(r) as f64 / 1000.0)
            .sum(),
        weight_ms: readings.iter().enumerate().map(weight).sum(),
        min: values().fold(f64::INFINITY, f64::min),
        max: values().fold(f64::NEG_INFINITY, f64::max),
    })
}

fn book(readings: &[Reading], cap_ms: i64) -> Rollup {
    let metric = |pick: fn(&Measured) -> Option<f64>| {
        let series: Vec<_> = readings.iter().filter_map(|(at, m)| Some((*at, pick(m)?))).collect();
        by_the_book(&series, cap_ms)
    };
    let any: Vec<_> = readings
        .iter()
        .filter(|(_, m)| m.t.is_some() || m.h.is_some())
        .map(|(at, _)| (*at, 0.0))
        .collect();
    Rollup {
        n: u32::try_from(any.len()).unwrap(),
        covered_ms: by_the_book(&any, cap_ms).map_or(0, |all| all.weight_ms),
        t: metric(|m| m.t),
        h: metric(|m| m.h),
    }
}

fn is_close(a: Option<Aggregate>, b: Option<Aggregate>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => {
            (a.sum - b.sum).abs() <= 1e-9 * a.sum.abs().max(1.0)
                && a.weight_ms == b.weight_ms
                && a.min.total_cmp(&b.min).is_eq()
                && a.max.total_cmp(&b.max).is_eq()
        }
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn assert_close(a: Rollup, b: Rollup) {
    let same = a.n == b.n && a.covered_ms == b.covered_ms;
    assert!(same && is_close(a.t, b.t) && is_close(a.h, b.h), "{a:#?}\n{b:#?}");
}

#[test]
fn a_worked_example_comes_out_as_by_hand() {
    let mut open = OpenSlot::empty(SLOT, cap_ms(60));
    for (at, m) in [
        reading(0, Some(20.0), Some(50.0)),
        reading(60, Some(22.0), None),
        reading(90, None, Some(40.0)),
        reading(7_140, Some(30.0), Some(60.0)),
    ] {
        open.append(at, m).unwrap();
    }
    let Rollup { n, covered_ms, t, h } = open.rollup;
    let (t, h) = (t.unwrap(), h.unwrap());
    // t: 20 for 60 s, 22 for the cap of 180 s, 30 for the 60 s to the end of the slot.
    assert!((t.sum - (20.0 * 60.0 + 22.0 * 180.0 + 30.0 * 60.0)).abs() < 1e-9);
    assert_eq!((t.weight_ms, h.weight_ms), (300_000, 90_000 + 180_000 + 60_000));
    assert!((t.avg() - 23.2).abs() < 1e-9);
    assert!((h.sum - (50.0 * 90.0 + 40.0 * 180.0 + 60.0 * 60.0)).abs() < 1e-9);
    assert!((t.min - 20.0).abs() < 1e-9 && (t.max - 30.0).abs() < 1e-9);
    // Covered: 60 + 30 + 180 + 60 s.
    assert_eq!((n, covered_ms), (4, 330_000));
    assert!((open.rollup.coverage(SLOT.length_ms()) - 330.0 / 7200.0).abs() < 1e-12);
}

#[test]
fn a_reading_out_of_order_or_outside_is_refused_and_changes_nothing() {
    let mut open = OpenSlot::empty(SLOT, cap_ms(60));
    let (at, m) = reading(600, Some(20.0), Some(50.0));
    open.append(at, m).unwrap();
    let before = open;
    for second in [-1, 0, 599, 600, 7_200] {
        let (at, m) = reading(second, Some(1.0), Some(1.0));
        assert_eq!(open.append(at, m), Err(OutOfOrder), "{second}");
        assert_eq!(open, before);
    }
}

#[test]
fn a_reading_without_values_counts_for_nothing() {
    let mut open = OpenSlot::empty(SLOT, cap_ms(60));
    let (at, m) = reading(600, None, None);
    assert_eq!(open.append(at, m), Ok(()));
    assert_eq!(open, OpenSlot::empty(SLOT, cap_ms(60)));
}

fn any_readings(most: usize) -> impl Strategy<Value = Vec<Reading>> {
    let values = (
        prop::option::weighted(0.9, -40.0..80.0_f64),
        prop::option::weighted(0.9, 0.0..100.0_f64),
    );
    prop::collection::btree_map(0..7_200_000_i64, values, 0..most).prop_map(|map| {
        map.into_iter()
            .map(|(ms, (t, h))| (START.plus_millis(ms), Measured { t, h }))
            .collect()
    })
}

proptest! {
    #[test]
    fn appending_in_order_is_the_contracts_formula(
        readings in any_readings(200),
        interval_s in 1..7_200_u32,
    ) {
        let cap = cap_ms(interval_s);
        let mut open = OpenSlot::empty(SLOT, cap);
        for (at, m) in &readings {
            open.append(*at, *m).unwrap();
        }
        prop_assert_eq!(open, OpenSlot::from_readings(SLOT, cap, readings.iter().copied()));
        assert_close(open.rollup, book(&readings, cap));
    }

    /// What the intake does: append what is in order, recompute the slot for what is not.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        readings in any_readings(60).prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle())),
        interval_s in 1..600_u32,
    ) {
        let (sorted, arriving) = readings;
        let cap = cap_ms(interval_s);
        let mut open = OpenSlot::empty(SLOT, cap);
        let mut stored = std::collections::BTreeMap::new();
        for (at, m) in arriving {
            stored.insert(at, m);
            if open.append(at, m).is_err() {
                open = OpenSlot::from_readings(SLOT, cap, stored.iter().map(|(at, m)| (*at, *m)));
            }
        }
        prop_assert_eq!(open.rollup, OpenSlot::from_readings(SLOT, cap, sorted).rollup);
    }

    #[test]
    fn merging_is_associative_and_commutative(
        a in any_readings(30), b in any_readings(30), c in any_readings(30),
    ) {
        let rollup = |r: Vec<Reading>| OpenSlot::from_readings(SLOT, cap_ms(60), r).rollup;
        let (a, b, c) = (rollup(a), rollup(b), rollup(c));
        assert_close(a.merge(b).merge(c), a.merge(b.merge(c)));
        assert_close(a.merge(b), b.merge(a));
        assert_close(a.merge(Rollup::default()), a);
    }

    /// A day from its slots, a month from its weeks, in whatever order they are read.
    #[test]
    fn slots_merged_in_any_order_and_any_split_equal_the_whole(
        slots in prop::collection::vec(any_readings(12), 1..25)
            .prop_flat_map(|slots| (Just(slots.clone()), Just(slots).prop_shuffle())),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let (ordered, shuffled) = slots;
        let rollup = |readings: &Vec<Reading>| OpenSlot::from_readings(SLOT, cap_ms(60), readings.iter().copied()).rollup;
        let add_up = |slots: &[Rollup]| slots.iter().copied().fold(Rollup::default(), Rollup::merge);
        let whole = add_up(&ordered.iter().map(rollup).collect::<Vec<_>>());
        let shuffled: Vec<_> = shuffled.iter().map(rollup).collect();
        let mut ends: Vec<_> = cuts.iter().map(|cut| cut.index(shuffled.len())).chain([0, shuffled.len()]).collect();
        ends.sort_unstable();
        let parts: Vec<_> = ends.windows(2).map(|pair| add_up(&shuffled[pair[0]..pair[1]])).collect();
        assert_close(add_up(&parts), whole);
        let one_by_one: u32 = ordered.iter().map(|readings| rollup(readings).n).sum();
        prop_assert_eq!(whole.n, one_by_one);
    }

    #[test]
    fn an_average_lies_between_its_extremes(readings in any_readings(100)) {
        let rollup = OpenSlot::from_readings(SLOT, cap_ms(60), readings).rollup;
        for sum in [rollup.t, rollup.h].into_iter().flatten() {
            prop_assert!(sum.weight_ms > 0);
            prop_assert!(sum.min - 1e-9 <= sum.avg() && sum.avg() <= sum.max + 1e-9);
        }
        prop_assert!((0..=SLOT.length_ms()).contains(&rollup.covered_ms));
        prop_assert!((0.0..=1.0).contains(&rollup.coverage(SLOT.length_ms())));
    }
}
