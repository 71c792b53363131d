//! Compares what devices were told with what the database holds.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::{Aggregate, Rollup};
use domain::time::Timestamp;
use server::db::devices::find_device;
use server::db::slots::{DaySlot, list_slots};
use server::db::{Db, states};

use super::device::Told;
use crate::doors::site::Sold;

/// What a device was told must be there: exactly once. Everything else that is there, it must have measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// PUBACK and the server's acknowledgement both mean stored.
    PubackAndAck,
    /// Only the server's acknowledgement does.
    Ack,
}

/// Checks every device.
///
/// # Panics
/// If a promise is broken.
pub async fn check(db: &Db, fleet: &[(Sold, Told)], promise: Promise) {
    for (sold, told) in fleet {
        let device = find_device(db, sold.serial)
            .await
            .expect("devices can be read")
            .expect("the device is known");
        let readings = readings(db, device.id.0).await;
        let stored: BTreeSet<Timestamp> = readings.iter().map(|(at, ..)| *at).collect();
        assert_eq!(
            stored.len(),
            readings.len(),
            "{}: a reading is there twice",
            sold.serial
        );

        let mut promised = told.stored.clone();
        if promise == Promise::PubackAndAck {
            promised.extend(&told.puback);
        }
        let lost: Vec<_> = promised
            .iter()
            .filter(|seq| !stored.contains(&told.measured[seq]))
            .collect();
        assert!(lost.is_empty(), "{}: told to be stored and lost: {lost:?}", sold.serial);
        let measured: BTreeSet<Timestamp> = told.measured.values().copied().collect();
        assert!(stored.is_subset(&measured), "{}: nobody measured this", sold.serial);

        let far = (Timestamp::from_millis(0), Timestamp::from_millis(i64::MAX / 2));
        let mut slots = list_slots(db.pool(), device.id, far.0, far.1)
            .await
            .expect("slots can be read");
        let state = states::find_state(db, device.id)
            .await
            .expect("states can be read")
            .expect("it has a state");
        slots.extend(state.open.map(|open| open.close()));
        same_roll_ups(&slots, &readings, i64::from(device.interval_s) * 3_000);
    }
}

/// Checks that nothing measured is missing.
///
/// # Panics
/// If something is.
pub async fn check_complete(db: &Db, fleet: &[(Sold, Told)]) {
    for (sold, told) in fleet {
        let measured: BTreeSet<Timestamp> = told.measured.values().copied().collect();
        assert_eq!(
            measured.len(),
            told.measured.len(),
            "{}: measured twice in one millisecond",
            sold.serial
        );
        let device = find_device(db, sold.serial)
            .await
            .expect("devices can be read")
            .expect("the device is known");
        let stored = readings(db, device.id.0).await.into_iter().map(|(at, ..)| at).collect();
        let missing: Vec<_> = measured.difference(&stored).collect();
        assert!(
            missing.is_empty(),
            "{}: measured and not stored: {missing:?}",
            sold.serial
        );
    }
}

type Reading = (Timestamp, Option<f64>, Option<f64>);

async fn readings(db: &Db, device: i64) -> Vec<Reading> {
    let rows: Vec<(i64, Option<f64>, Option<f64>)> =
        sqlx::query_as("SELECT at, t, h FROM readings WHERE device_id = ? ORDER BY at")
            .bind(device)
            .fetch_all(db.pool())
            .await
            .expect("readings can be read");
    rows.into_iter()
        .map(|(at, t, h)| (Timestamp::from_millis(at), t, h))
        .collect()
}

/// Recomputes every slot from the raw readings, by the formula and not by the code that is under test.
fn same_roll_ups(slots: &[DaySlot], readings: &[Reading], cap_ms: i64) {
    let mut in_slots: BTreeMap<i64, Vec<Reading>> = BTreeMap::new();
    for reading in readings {
        let slot = slots
            .iter()
            .find(|slot| slot.slot.start <= reading.0 && reading.0 < slot.slot.end);
        let slot = slot.unwrap_or_else(|| panic!("{} is in no slot", reading.0));
        in_slots.entry(slot.slot.start.as_millis()).or_default().push(*reading);
    }
    assert_eq!(
        in_slots.len(),
        slots.len(),
        "no slot without readings, and no slot twice"
    );
    for slot in slots {
        let readings = &in_slots[&slot.slot.start.as_millis()];
        let weight = |index: usize| {
            let at = readings[index].0;
            let next = readings.get(index + 1).map_or(slot.slot.end, |next| next.0);
            next.since(at).min(cap_ms)
        };
        let covered_ms: i64 = (0..readings.len()).map(weight).sum();
        let aggregate = |value: fn(&Reading) -> f64| {
            #[expect(clippy::cast_precision_loss, reason = "a slot is short")]
            let sum = readings
                .iter()
                .enumerate()
                .map(|(index, reading)| value(reading) * weight(index) as f64 / 1e3);
            Some(Aggregate {
                sum: sum.sum(),
                weight_ms: covered_ms,
                min: readings.iter().map(value).fold(f64::INFINITY, f64::min),
                max: readings.iter().map(value).fold(f64::NEG_INFINITY, f64::max),
            })
        };
        let expected = Rollup {
            n: u32::try_from(readings.len()).expect("a slot holds few readings"),
            covered_ms,
            t: aggregate(|reading| reading.1.expect("every reading has a temperature")),
            h: aggregate(|reading| reading.2.expect("every reading has a humidity")),
        };
        assert!(is_same(slot.rollup, expected), "{:?} is not {expected:?}", slot.rollup);
    }
}

fn is_same(a: Rollup, b: Rollup) -> bool {
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
    let same = |a: Option<Aggregate>, b: Option<Aggregate>| match (a, b) {
        (Some(a), Some(b)) => {
            a.weight_ms == b.weight_ms && close(a.sum, b.sum) && close(a.min, b.min) && close(a.max, b.max)
        }
        (None, None) => true,
        _ => false,
    };
    a.n == b.n && a.covered_ms == b.covered_ms && same(a.t, b.t) && same(a.h, b.h)
}
