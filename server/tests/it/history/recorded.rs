//! A recorded house, recomputed: every day and every slot of 137 days, by somebody who has never heard of roll-ups.
//!
//! The raw rows are read back by SQL and put into days by what the wall clock showed, minute by minute; nothing of the
//! code under test takes part. Days on which clocks change are among them, in both directions.

use std::collections::BTreeMap;

use domain::reading::Measured;
use domain::rollup::Rollup;
use domain::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use server::db::Db;
use server::db::devices::Device;
use server::history::{self, Point, Step};
use server::ingest::replay;

use crate::store::rig::{new_device, on_both};

const RECORDING: &str = include_str!("../../../../firmware/simulator/rooms/house.csv");
const ROOM: &str = "be-kitchen";
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1_440 * MINUTE_MS;
/// The recording has a reading every ten minutes; three of them are the most that one speaks for.
const INTERVAL_S: u32 = 600;
const CAP_MIN: i64 = 30;

/// One room of the recording, moved by so many days.
fn recorded(days: i64) -> Vec<(Timestamp, Measured)> {
    let lines = RECORDING.lines().filter(|line| line.split(',').nth(1) == Some(ROOM));
    let reading = |line: &str| {
        let fields: Vec<_> = line.split(',').collect();
        let at: jiff::Timestamp = fields[0].parse().expect("a moment");
        let at = Timestamp::from_millis(at.as_millisecond() + days * DAY_MS);
        let number = |text: &str| text.trim().parse().ok();
        (
            at,
            Measured {
                t: number(fields[2]),
                h: number(fields[3]),
            },
        )
    };
    lines.map(reading).collect()
}

/// Weighted sums of what somebody adds up by hand: value · minutes, minutes, how many, lowest, highest.
#[derive(Clone, Copy, Debug)]
struct Sum {
    weighted: f64,
    minutes: f64,
    n: u32,
    min: f64,
    max: f64,
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self {
            weighted: self.weighted + other.weighted,
            minutes: self.minutes + other.minutes,
            n: self.n + other.n,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

type Twelfth = (Date, i8);

/// What the wall clock says a moment belongs to.
fn twelfth(tz: &TimeZone, at: i64) -> Twelfth {
    let shown = jiff::Timestamp::from_millisecond(at)
        .expect("of this century")
        .to_zoned(tz.clone());
    (shown.date(), shown.hour() / 2)
}

/// Temperatures of the raw rows that count, by twelfth of the local day.
async fn by_hand(db: &Db, device: &Device, tz: &TimeZone) -> BTreeMap<Twelfth, Sum> {
    let rows: Vec<(i64, f64)> = sqlx::query_as(
        "SELECT at, t FROM readings WHERE device_id = ? AND flags % 16 < 8 AND flags < 16 AND t IS NOT NULL ORDER BY at",
    )
    .bind(device.id.0)
    .fetch_all(db.pool())
    .await
    .unwrap();
    let mut sums: BTreeMap<Twelfth, Sum> = BTreeMap::new();
    for (place, (at, t)) in rows.iter().enumerate() {
        let here = twelfth(tz, *at);
        // Walk on minute by minute until the next reading, the cap, or the next twelfth.
        let next = rows.get(place + 1).map(|next| next.0);
        let goes_on = |minute: i64| {
            let moment = at + minute * MINUTE_MS;
            next.is_none_or(|next| moment < next) && twelfth(tz, moment) == here
        };
        let minutes = (1..=CAP_MIN).take_while(|minute| goes_on(minute - 1)).count();
        #[expect(clippy::cast_precision_loss, reason = "at most thirty")]
        let minutes = minutes as f64;
        let sum = sums.entry(here).or_insert(Sum {
            weighted: 0.0,
            minutes: 0.0,
            n: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        });
        sum.weighted += t * minutes;
        sum.minutes += minutes;
        sum.n += 1;
        sum.min = sum.min.min(*t);
        sum.max = sum.max.max(*t);
    }
    sums
}

fn assert_same(point: &Point, sum: &Sum, length_min: f64, of: &str) {
    let t = point.t.unwrap_or_else(|| panic!("{of}: nothing"));
    let (avg, coverage) = (sum.weighted / sum.minutes, sum.minutes / length_min);
    assert!((t.avg - avg).abs() <= 1e-9, "{of}: {} is not {avg}", t.avg);
    assert!(
        (point.coverage - coverage).abs() <= 1e-9,
        "{of}: {} is not {coverage}",
        point.coverage
    );
    assert_eq!((point.n, t.min, t.max), (sum.n, sum.min, sum.max), "{of}");
}

/// How many minutes the wall clock shows each twelfth of these days, counted one by one.
fn lengths(tz: &TimeZone, from: Date, to: Date) -> BTreeMap<Twelfth, f64> {
    let noon = |day: Date| {
        day.at(12, 0, 0, 0)
            .to_zoned(tz.clone())
            .expect("noon is everywhere")
            .timestamp()
    };
    let (first, last) = (noon(from).as_millisecond() - DAY_MS, noon(to).as_millisecond() + DAY_MS);
    let mut lengths = BTreeMap::new();
    let mut minute = first;
    while minute < last {
        *lengths.entry(twelfth(tz, minute)).or_insert(0.0) += 1.0;
        minute += MINUTE_MS;
    }
    lengths
}

/// The house as somebody computes it by hand, and how long each twelfth was.
struct ByHand {
    sums: BTreeMap<Twelfth, Sum>,
    lengths: BTreeMap<Twelfth, f64>,
    from: Date,
    to: Date,
}

/// Compares every day and every slot; returns the hours of each day that is not 24 long.
async fn compare(db: &Db, zone: &str, moved_days: i64) -> Vec<(Date, f64)> {
    let device = new_device(db, zone, INTERVAL_S).await;
    replay(db, device.serial, &recorded(moved_days)).await.unwrap();
    let tz = TimeZone::get(zone).unwrap();
    let sums = by_hand(db, &device, &tz).await;
    let (from, to) = (sums.first_key_value().unwrap().0.0, sums.last_key_value().unwrap().0.0);
    let lengths = lengths(&tz, from, to);
    let book = ByHand {
        sums,
        lengths,
        from,
        to,
    };

    let slots = history::history(db, &device, from, to, Step::TwoHours).await.unwrap();
    assert_eq!(
        slots.len(),
        book.sums.len(),
        "{zone}: every twelfth that holds a reading"
    );
    for (slot, (key, sum)) in slots.iter().zip(&book.sums) {
        assert_eq!(twelfth(&tz, slot.start.as_millis()), *key, "{zone}");
        assert_same(slot, sum, book.lengths[key], &format!("{zone} {key:?}"));
    }
    let odd = compare_days(db, &device, &book).await;
    compare_whole(db, &device, &book).await;
    odd
}

async fn compare_days(db: &Db, device: &Device, book: &ByHand) -> Vec<(Date, f64)> {
    let days = history::history(db, device, book.from, book.to, Step::Day)
        .await
        .unwrap();
    assert!(days.len() >= 136, "{} days", days.len());
    let mut odd = Vec::new();
    for day in &days {
        let is_of_day = |key: &&Twelfth| key.0 == day.day;
        let parts = book.sums.iter().filter(|(key, _)| is_of_day(key)).map(|(_, sum)| *sum);
        let whole = parts.reduce(Sum::and).expect("a day with readings");
        let lengths = book.lengths.iter().filter(|(key, _)| is_of_day(key));
        let length = lengths.map(|(_, minutes)| minutes).sum::<f64>();
        assert_same(day, &whole, length, &format!("{} {}", device.zone, day.day));
        if (length - 1_440.0).abs() > 0.5 {
            odd.push((day.day, length / 60.0));
        }
    }
    odd
}

/// The whole recording at once is the sum of its slots, not the average of averages.
async fn compare_whole(db: &Db, device: &Device, book: &ByHand) {
    let sums = history::day_sums(db, std::slice::from_ref(device), book.from, book.to)
        .await
        .unwrap();
    let all = sums[&device.id].values().copied().reduce(Rollup::merge).unwrap();
    let whole = book.sums.values().copied().reduce(Sum::and).unwrap();
    let avg = all.t.unwrap().avg();
    assert!((avg - whole.weighted / whole.minutes).abs() <= 1e-9, "{avg}");
    assert_eq!(all.n, whole.n);
}

on_both! {
    async fn a_house_in_seoul_agrees(db: Db) {
        assert_eq!(compare(&db, "Asia/Seoul", 0).await, []);
    }

    async fn a_house_in_kathmandu_agrees(db: Db) {
        assert_eq!(compare(&db, "Asia/Kathmandu", 0).await, []);
    }

    async fn a_house_in_berlin_agrees_when_clocks_go_forward_and_when_they_go_back(db: Db) {
        assert_eq!(compare(&db, "Europe/Berlin", 0).await, [(jiff::civil::date(2016, 3, 27), 23.0)]);
        assert_eq!(compare(&db, "Europe/Berlin", 200).await, [(jiff::civil::date(2016, 10, 30), 25.0)]);
    }

    async fn a_house_in_st_johns_agrees_when_clocks_go_forward_and_when_they_go_back(db: Db) {
        assert_eq!(compare(&db, "America/St_Johns", 0).await, [(jiff::civil::date(2016, 3, 13), 23.0)]);
        assert_eq!(compare(&db, "America/St_Johns", 200).await, [(jiff::civil::date(2016, 11, 6), 25.0)]);
    }
}
