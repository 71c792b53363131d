//! What the pages and the API are answered with.

use domain::reading::Measured;
use domain::time::Timestamp;
use futures_util::TryStreamExt as _;
use jiff::civil::date;
use server::db::Db;
use server::db::devices::{Device, find_device};
use server::error::Error;
use server::history::{self, Band, Step};
use server::ingest::replay;
use server::zone;

use crate::ingest::rig::NOW;
use crate::store::rig::{new_device, on_both};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A reading every ten minutes of `[from, to)`, its temperature by the hour of the wall clock.
async fn device_with(db: &Db, zone: &str, from: Timestamp, to: Timestamp) -> Device {
    let device = new_device(db, zone, 600).await;
    let tz = zone::find(zone).unwrap();
    let mut readings = Vec::new();
    let mut at = from;
    while at < to {
        let t = f64::from(zone::wall(&tz, at).hour());
        readings.push((
            at,
            Measured {
                t: Some(t),
                h: Some(40.0),
            },
        ));
        at = at.plus_millis(10 * MINUTE_MS);
    }
    replay(db, device.serial, &readings).await.unwrap();
    device
}

fn start_of(zone: &str, year: i16, month: i8, day: i8) -> Timestamp {
    zone::start_of(&zone::find(zone).unwrap(), date(year, month, day))
}

fn band(avg: f64, min: f64, max: f64) -> Band {
    Band { avg, min, max }
}

on_both! {
    async fn today_is_the_device_s_own_day_so_far(db: Db) {
        // 17:00 in Seoul, 08:00 in UTC: today began at local midnight.
        let device = device_with(&db, "Asia/Seoul", NOW.plus_millis(-2 * DAY_MS), NOW).await;
        let today = history::today(&db, &device, NOW).await.unwrap().unwrap();
        assert_eq!(today.elapsed_ms, 17 * HOUR_MS);
        assert_eq!(today.covered_ms, 17 * HOUR_MS);
        assert_eq!((today.t.unwrap().min, today.t.unwrap().max), (0.0, 16.0));
        // Of the seventeen hours the last weighs twenty minutes more: its last reading speaks until it has a successor.
        let expected = (136.0 + 16.0 / 3.0) / (17.0 + 1.0 / 3.0);
        assert!((today.t.unwrap().avg - expected).abs() < 1e-9, "{:?}", today.t);
        let tomorrow = history::today(&db, &device, NOW.plus_millis(DAY_MS)).await.unwrap();
        assert_eq!(tomorrow, None, "before its first reading a day has nothing to say");
    }

    async fn a_gap_lowers_the_coverage_and_not_the_average(db: Db) {
        let midnight = start_of("Asia/Seoul", 2026, 11, 20);
        let device = new_device(&db, "Asia/Seoul", 600).await;
        let at = |hour: i64| midnight.plus_millis(hour * HOUR_MS);
        let readings = [(at(0), 10.0), (at(8), 30.0)].map(|(at, t)| (at, Measured { t: Some(t), h: None }));
        replay(&db, device.serial, &readings).await.unwrap();
        let today = history::today(&db, &device, at(10)).await.unwrap().unwrap();
        assert_eq!(today.t, Some(band(20.0, 10.0, 30.0)));
        assert_eq!(today.h, None);
        assert!((today.coverage() - 0.1).abs() < 1e-9);
    }

    async fn a_day_of_every_length_is_the_sum_of_its_slots(db: Db) {
        for (zone, month, day, hours) in [
            ("Europe/Berlin", 3, 29, 23), ("Europe/Berlin", 10, 25, 25), ("America/St_Johns", 3, 8, 23),
            ("America/St_Johns", 11, 1, 25), ("Asia/Kathmandu", 3, 1, 24),
        ] {
            let (from, to) = (start_of(zone, 2026, month, day), start_of(zone, 2026, month, day).plus_millis(hours * HOUR_MS));
            let device = device_with(&db, zone, from.plus_millis(-3 * HOUR_MS), to.plus_millis(3 * HOUR_MS)).await;
            let that_day = date(2026, month, day);
            let days = history::history(&db, &device, that_day, that_day, Step::Day).await.unwrap();
            assert_eq!(days.len(), 1);
            assert_eq!((days[0].start, days[0].n), (from, u32::try_from(hours * 6).unwrap()), "{zone}");
            assert!((days[0].coverage - 1.0).abs() < 1e-12, "{zone}");
            let slots = history::history(&db, &device, that_day, that_day, Step::TwoHours).await.unwrap();
            assert_eq!(slots.len(), 12);
            assert_eq!(slots.iter().map(|slot| slot.n).sum::<u32>(), days[0].n);
            assert!(slots.iter().all(|slot| (slot.coverage - 1.0).abs() < 1e-12), "{zone}");
        }
    }

    async fn a_range_holds_both_its_ends_and_nothing_else(db: Db) {
        let from = start_of("Asia/Seoul", 2026, 11, 1);
        let device = device_with(&db, "Asia/Seoul", from, from.plus_millis(10 * DAY_MS)).await;
        let points = history::history(&db, &device, date(2026, 11, 3), date(2026, 11, 5), Step::Day).await.unwrap();
        assert_eq!(points.iter().map(|point| point.day.day()).collect::<Vec<_>>(), [3, 4, 5]);
        let slots = history::history(&db, &device, date(2026, 11, 3), date(2026, 11, 5), Step::TwoHours).await.unwrap();
        assert_eq!(slots.len(), 36);
        let later = history::history(&db, &device, date(2027, 1, 1), date(2027, 2, 1), Step::Day).await.unwrap();
        assert!(later.is_empty(), "days without readings are left out");
    }

    async fn raw_points_are_the_readings_that_count(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let measured = |t: f64| Measured { t: Some(t), h: None };
        let at = |minute: i64| NOW.plus_millis(minute * MINUTE_MS);
        let readings = [(at(0), measured(20.0)), (at(1), measured(999.0)), (at(2), measured(20.5))];
        replay(&db, device.serial, &readings).await.unwrap();
        let day = date(2026, 11, 20);
        let points = history::history(&db, &device, day, day, Step::Raw).await.unwrap();
        assert_eq!(points.iter().map(|point| (point.start, point.t)).collect::<Vec<_>>(), [
            (at(0), Some(band(20.0, 20.0, 20.0))), (at(2), Some(band(20.5, 20.5, 20.5))),
        ]);
        assert!(points.iter().all(|point| point.n == 1 && point.h.is_none()));
    }

    async fn a_move_to_another_zone_leaves_the_old_days_as_they_were(db: Db) {
        let from = start_of("Asia/Seoul", 2026, 11, 10);
        let device = device_with(&db, "Asia/Seoul", from, from.plus_millis(3 * DAY_MS)).await;
        sqlx::query("UPDATE devices SET zone = 'America/St_Johns'").execute(db.pool()).await.unwrap();
        let moved = find_device(&db, device.serial).await.unwrap().unwrap();
        let more: Vec<_> = (0..288).map(|n| (from.plus_millis(3 * DAY_MS + n * 10 * MINUTE_MS), Measured { t: Some(5.0), h: None })).collect();
        replay(&db, moved.serial, &more).await.unwrap();
        let days = history::history(&db, &moved, date(2026, 11, 9), date(2026, 11, 16), Step::Day).await.unwrap();
        assert_eq!(days.iter().map(|day| day.n).sum::<u32>(), 3 * 144 + 288, "every reading is counted once");
        let eleventh = days.iter().find(|point| point.day == date(2026, 11, 11)).unwrap();
        assert_eq!((eleventh.n, eleventh.t.unwrap().max), (144, 23.0), "a whole Korean day");
    }

    async fn the_last_day_at_a_glance_has_48_half_hours_with_gaps_as_gaps(db: Db) {
        let now = NOW.plus_millis(10 * MINUTE_MS);
        let device = device_with(&db, "Asia/Seoul", NOW.plus_millis(-3 * HOUR_MS), NOW).await;
        let sparks = history::sparks(&db, std::slice::from_ref(&device), now).await.unwrap();
        let spark = &sparks[&device.id];
        assert_eq!(spark.len(), history::SPARK_POINTS);
        assert!(spark[..41].iter().all(Option::is_none), "{spark:?}");
        assert_eq!(spark[41..], [Some(14.0), Some(14.0), Some(15.0), Some(15.0), Some(16.0), Some(16.0), None]);
    }

    async fn the_trend_of_the_last_hour_is_that_of_its_readings(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let readings: Vec<_> = (0..60).map(|minute| {
            #[expect(clippy::cast_precision_loss, reason = "below 60")]
            let t = 20.0 + minute as f64 / 60.0;
            (NOW.plus_millis((minute - 60) * MINUTE_MS), Measured { t: Some(t), h: None })
        }).collect();
        replay(&db, device.serial, &readings).await.unwrap();
        let devices = std::slice::from_ref(&device);
        let trend = history::trends(&db, devices, NOW).await.unwrap()[&device.id];
        assert!((trend.delta_c - 50.0 / 60.0).abs() < 0.02, "{trend:?}");
        assert!((49..=51).contains(&trend.minutes), "{trend:?}");
        assert!(history::trends(&db, devices, NOW.plus_millis(2 * HOUR_MS)).await.unwrap().is_empty());
    }

    async fn an_export_is_read_a_piece_at_a_time(db: Db) {
        let from = start_of("Asia/Seoul", 2026, 11, 1);
        let device = device_with(&db, "Asia/Seoul", from, from.plus_millis(10 * DAY_MS)).await;
        let ever = (date(1, 1, 1), date(9999, 12, 31));
        let pieces = history::pieces(&db, device.clone(), ever.0, ever.1, Step::Raw).await.unwrap();
        let pieces: Vec<Vec<_>> = pieces.try_collect().await.unwrap();
        assert!(pieces.iter().all(|piece| piece.len() <= 144), "never more than a day");
        let whole = history::history(&db, &device, date(2026, 11, 1), date(2026, 11, 10), Step::Raw).await.unwrap();
        assert_eq!((pieces.concat().len(), pieces.concat()), (1_440, whole));
    }

    async fn a_range_that_ends_before_it_begins_is_refused(db: Db) {
        let device = new_device(&db, "Asia/Seoul", 60).await;
        let asked = history::history(&db, &device, date(2026, 2, 1), date(2026, 1, 1), Step::Day).await;
        assert!(matches!(asked, Err(Error::Invalid { field: "from", .. })));
    }
}
