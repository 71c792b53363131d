//! Slots equal what anybody computes from the raw rows by the contract's formula, in whatever order readings came.

use domain::reading::Measured;
use domain::rollup::Aggregate;
use domain::serial::Serial;
use domain::time::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use server::db::Db;
use server::db::devices::{Device, find_device};
use server::db::slots::{DaySlot, list_slots};
use server::db::states::find_state;

use super::rig::{NOW, Rig, reading};
use crate::store::rig::{Store, new_device, on_both};

const FOR_EVER: (Timestamp, Timestamp) = (Timestamp::from_millis(0), Timestamp::from_millis(i64::MAX / 2));

/// All slots of a device, the open one last.
pub async fn all_slots(db: &Db, device: &Device) -> Vec<DaySlot> {
    let mut slots = list_slots(db.pool(), device.id, FOR_EVER.0, FOR_EVER.1).await.unwrap();
    slots.extend(
        find_state(db, device.id)
            .await
            .unwrap()
            .unwrap()
            .open
            .map(|open| open.close()),
    );
    slots
}

/// The readings that count, calibrated.
async fn sound_readings(db: &Db, device: &Device) -> Vec<(i64, Measured)> {
    let rows: Vec<(i64, Option<f64>, Option<f64>)> = sqlx::query_as(
        "SELECT at, t, h FROM readings WHERE device_id = ? AND flags % 16 < 8 AND flags < 16 ORDER BY at",
    )
    .bind(device.id.0)
    .fetch_all(db.pool())
    .await
    .unwrap();
    let rows = rows.into_iter().filter(|(_, t, h)| t.is_some() || h.is_some());
    rows.map(|(at, t, h)| {
        (
            at,
            Measured {
                t: t.map(|t| t + device.t_offset),
                h: h.map(|h| h + device.h_offset),
            },
        )
    })
    .collect()
}

/// The contract's sentence, word by word: weights in seconds, and Σ value·weight.
fn by_the_book(slot: &DaySlot, readings: &[(i64, f64)]) -> Option<(f64, f64, f64, f64)> {
    let (end, cap) = (slot.slot.end.as_millis(), slot.cap_ms);
    let mut sums: Option<(f64, f64, f64, f64)> = None;
    for (index, (at, value)) in readings.iter().enumerate() {
        let gap = readings.get(index + 1).map_or(i64::MAX, |next| next.0 - at);
        #[expect(clippy::cast_precision_loss, reason = "a slot has few milliseconds")]
        let weight = gap.min(cap).min(end - at) as f64 / 1000.0;
        let (sum, total, min, max) = sums.unwrap_or((0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY));
        sums = Some((sum + value * weight, total + weight, min.min(*value), max.max(*value)));
    }
    sums
}

fn assert_metric(slot: &DaySlot, stored: Option<Aggregate>, readings: &[(i64, f64)]) {
    let expected = by_the_book(slot, readings);
    assert_eq!(stored.is_some(), expected.is_some(), "{slot:?}");
    let (Some(stored), Some((sum, weight_s, min, max))) = (stored, expected) else {
        return;
    };
    #[expect(clippy::cast_precision_loss, reason = "a slot has few milliseconds")]
    let stored_s = stored.weight_ms as f64 / 1000.0;
    assert!(
        (stored.sum - sum).abs() <= 1e-9 * sum.abs().max(1.0),
        "{} is not {sum}: {slot:?}",
        stored.sum
    );
    assert!(
        (stored_s - weight_s).abs() <= 1e-9,
        "{stored_s} s is not {weight_s} s: {slot:?}"
    );
    assert!((stored.avg() - sum / weight_s).abs() <= 1e-9, "{slot:?}");
    assert_eq!((stored.min, stored.max), (min, max), "{slot:?}");
}

/// Compares every slot with its raw rows, and that every sound reading is in exactly one. Returns the slots.
pub async fn assert_slots_are_exact(db: &Db, device: &Device, sound: usize) -> Vec<DaySlot> {
    let device = &find_device(db, device.serial).await.unwrap().unwrap();
    let readings = sound_readings(db, device).await;
    assert_eq!(readings.len(), sound, "sound readings");
    let slots = all_slots(db, device).await;
    assert!(
        slots.windows(2).all(|pair| pair[0].slot.end <= pair[1].slot.start),
        "slots are apart: {slots:#?}"
    );
    let mut counted = 0;
    for slot in &slots {
        let inside: Vec<_> = readings
            .iter()
            .filter(|(at, _)| slot.slot.contains(Timestamp::from_millis(*at)))
            .collect();
        assert_eq!(slot.rollup.n as usize, inside.len(), "{slot:?}");
        counted += inside.len();
        let of = |value: fn(&Measured) -> Option<f64>| -> Vec<_> {
            inside
                .iter()
                .filter_map(|(at, measured)| Some((*at, value(measured)?)))
                .collect()
        };
        assert_metric(slot, slot.rollup.t, &of(|measured| measured.t));
        assert_metric(slot, slot.rollup.h, &of(|measured| measured.h));
        let any: Vec<_> = inside.iter().map(|(at, _)| (*at, 1.0)).collect();
        #[expect(clippy::cast_precision_loss, reason = "a slot has few milliseconds")]
        let covered_s = slot.rollup.covered_ms as f64 / 1000.0;
        assert!(
            (covered_s - by_the_book(slot, &any).unwrap_or_default().1).abs() < 1e-9,
            "{slot:?}"
        );
    }
    assert_eq!(counted, sound, "every sound reading is in exactly one slot");
    slots
}

/// Boundaries found another way: by asking every whole minute what its wall clock shows.
fn assert_slots_are_local(zone: &str, slots: &[DaySlot]) {
    let tz = TimeZone::get(zone).unwrap();
    let zoned = |at: Timestamp| {
        jiff::Timestamp::from_millisecond(at.as_millis())
            .unwrap()
            .to_zoned(tz.clone())
    };
    for slot in slots {
        let (start, last) = (
            zoned(slot.slot.start),
            zoned(slot.slot.end).saturating_sub(1.millisecond()),
        );
        let twelfth = |zoned: &jiff::Zoned| (zoned.date(), zoned.hour() / 2);
        assert_eq!(slot.day, start.date(), "{zone} {slot:?}");
        let mut minute = start.clone();
        while minute < last {
            assert_eq!(twelfth(&minute), twelfth(&last), "{zone} {minute}");
            minute = minute.saturating_add(1.minute());
        }
        let before = start.saturating_sub(1.millisecond());
        assert_ne!(twelfth(&before), twelfth(&start), "{zone} {start}");
    }
}

on_both! {
    async fn readings_in_order_fill_slot_after_slot(db: Db) {
        let device = new_device(&db, "Asia/Kathmandu", 60).await;
        let rig = Rig::start(&db);
        for hour in -10..0 {
            let items: Vec<_> = (0..60).map(|minute| reading(hour * 3600 + minute * 60, 20.0 + 0.1 * minute as f64)).collect();
            rig.store(device.serial, &format!("[{}]", items.join(","))).await;
        }
        let slots = assert_slots_are_exact(&db, &device, 600).await;
        assert_slots_are_local("Asia/Kathmandu", &slots);
        rig.stop().await;
    }

    async fn a_reading_on_the_border_belongs_to_the_slot_it_opens(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for seconds in [-3_601, -3_600, -3_599] {
            rig.store(device.serial, &reading(seconds, 20.0)).await;
        }
        let slots = assert_slots_are_exact(&db, &device, 3).await;
        assert_eq!(slots.iter().map(|slot| slot.rollup.n).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(slots[0].rollup.covered_ms, 1_000, "the last reading speaks until the border and no further");
        rig.stop().await;
    }

    async fn a_week_late_reading_makes_its_own_slot(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        rig.store(device.serial, &reading(0, 20.0)).await;
        rig.store(device.serial, &reading(-7 * 86_400, 18.0)).await;
        rig.store(device.serial, &reading(-7 * 86_400 + 30, 18.5)).await;
        let slots = assert_slots_are_exact(&db, &device, 3).await;
        assert_slots_are_local("Asia/Seoul", &slots);
        rig.stop().await;
    }

    async fn readings_with_one_value_only_weigh_for_that_value(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for (seconds, values) in [(-300, r#""t":20"#), (-240, r#""h":40"#), (-180, r#""t":22,"h":44"#), (-20, r#""h":46"#)] {
            let payload = format!(r#"{{"at":{},{values}}}"#, NOW.plus_millis(seconds * 1000).as_millis());
            rig.store(device.serial, &payload).await;
        }
        assert_slots_are_exact(&db, &device, 4).await;
        rig.stop().await;
    }

    async fn a_device_that_moves_to_another_zone_keeps_its_past_and_counts_nothing_twice(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let rig = Rig::start(&db);
        for minute in -200..-100 {
            rig.store(device.serial, &reading(minute * 60, 20.0)).await;
        }
        sqlx::query("UPDATE devices SET zone = 'Asia/Kathmandu'").execute(db.pool()).await.unwrap();
        for minute in -100..0 {
            rig.store(device.serial, &reading(minute * 60, 21.0)).await;
        }
        // Late ones into the old slots, into the new ones, and where there was none.
        for minute in [-150, -30, -9_000, -600] {
            rig.store(device.serial, &reading(minute * 60 + 30, 19.0)).await;
        }
        assert_slots_are_exact(&db, &device, 204).await;
        rig.stop().await;
    }
}

/// What happens to a device, in this order.
#[derive(Clone, Debug)]
enum Step {
    /// Some of the readings, as one message.
    Send(Vec<usize>),
    Interval(u32),
    Restart,
}

/// A time zone and a moment a few hours after which its clocks change, if they ever do.
fn places() -> impl Strategy<Value = (&'static str, i64)> {
    prop_oneof![
        Just(("Europe/Berlin", 1_774_742_400_000)),    // 2026-03-29 00:00 UTC
        Just(("Europe/Berlin", 1_792_886_400_000)),    // 2026-10-25 00:00 UTC
        Just(("America/St_Johns", 1_772_942_400_000)), // 2026-03-08 04:00 UTC
        Just(("America/St_Johns", 1_793_505_600_000)), // 2026-11-01 04:00 UTC
        Just(("Asia/Kathmandu", 1_795_161_600_000)),
        Just(("Asia/Seoul", 1_795_161_600_000)),
    ]
}

fn readings() -> impl Strategy<Value = Vec<(i64, Option<f64>, Option<f64>)>> {
    let t = prop_oneof![8 => (15.0..25.0).prop_map(Some), 1 => Just(None), 1 => (30.0..45.0).prop_map(Some), 1 => Just(Some(-3200.0))];
    let h = prop_oneof![6 => (30.0..70.0).prop_map(Some), 1 => Just(None)];
    // Whole minutes as devices send them, and moments right at the border of a slot.
    let at = prop_oneof![6 => (-240_i64..240).prop_map(|minute| minute * 60_000), 1 => (-4_i64..4).prop_map(|slot| slot * 7_200_000 - 1), 2 => -9_000_000_i64..9_000_000];
    prop::collection::vec((at, t, h), 1..60)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let send = prop::collection::vec(0_usize..60, 1..12).prop_map(Step::Send);
    let step = prop_oneof![10 => send, 2 => prop::sample::select(vec![10, 60, 300, 3_600]).prop_map(Step::Interval), 1 => Just(Step::Restart)];
    prop::collection::vec(step, 1..12)
}

type Case = ((&'static str, i64), Vec<(i64, Option<f64>, Option<f64>)>, Vec<Step>);

fn item(base: i64, (offset, t, h): (i64, Option<f64>, Option<f64>)) -> String {
    let value = |name, value: Option<f64>| value.map_or(String::new(), |value| format!(r#","{name}":{value}"#));
    if t.is_none() && h.is_none() {
        return format!(r#"{{"at":{},"err":"timeout"}}"#, base + offset);
    }
    format!(r#"{{"at":{}{}{}}}"#, base + offset, value("t", t), value("h", h))
}

async fn play(db: &Db, ((zone, base), readings, steps): Case) {
    let device = new_device(db, zone, 60).await;
    // Two minutes before the last reading: the device's clock may be ahead.
    let mut rig = Rig::start_at(db, Timestamp::from_millis(base + 240 * 60_000));
    for step in steps {
        match step {
            Step::Send(indices) => {
                let chosen: Vec<_> = indices
                    .iter()
                    .map(|index| item(base, readings[index % readings.len()]))
                    .collect();
                rig.store(device.serial, &format!("[{}]", chosen.join(","))).await;
            }
            Step::Interval(seconds) => {
                rig.status(
                    device.serial,
                    &format!(r#"{{"online":true,"interval_s":{seconds}}}"#),
                    false,
                )
                .await;
            }
            Step::Restart => rig = rig.restarted().await,
        }
    }
    assert_open_slot_follows_interval(db, device.serial).await;
    let sound = sound_readings(db, &device).await.len();
    let slots = assert_slots_are_exact(db, &device, sound).await;
    assert_slots_are_local(zone, &slots);
    rig.stop().await;
}

async fn assert_open_slot_follows_interval(db: &Db, serial: Serial) {
    let device = find_device(db, serial).await.unwrap().unwrap();
    if let Some(open) = find_state(db, device.id).await.unwrap().unwrap().open {
        assert_eq!(open.open.cap_ms, i64::from(device.interval_s) * 3_000);
    }
}

fn in_whatever_order(store: &Store, runtime: &tokio::runtime::Runtime, cases: u32) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&(places(), readings(), steps()), |case| {
        let checked = runtime.block_on(async {
            tokio::spawn({
                let db = store.db.clone();
                async move { play(&db, case).await }
            })
            .await
        });
        checked.map_err(|panic| TestCaseError::fail(format!("{panic:?}")))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn slots_are_exact_in_whatever_order_readings_come_on_sqlite() {
    let runtime = runtime();
    let store = runtime.block_on(Store::sqlite());
    in_whatever_order(&store, &runtime, 150);
}

#[test]
fn slots_are_exact_in_whatever_order_readings_come_on_mariadb() {
    let runtime = runtime();
    let store = runtime.block_on(Store::mariadb());
    in_whatever_order(&store, &runtime, 50);
}
