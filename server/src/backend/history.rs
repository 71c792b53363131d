//! What was measured over time, as pages ask for it, answered from the store.

use std::collections::BTreeMap;

use app::api::history::{ComparedRoom, CoursePoint, CourseView, DayView, Means, PatternCell, PeriodView, RoomName};
use app::api::rooms::DayPoint;
use app::backend::{History, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use domain::rollup::Rollup;
use domain::time::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ServerBackend;
use super::rooms::{band, minutes, slot_point};
use crate::db::UserId;
use crate::db::alerts::list_fired;
use crate::db::devices::{Device, list_devices_of};
use crate::db::slots::find_first_day;
use crate::error::{Error, Result};
use crate::history::{self, COURSE_STEP_MS};
use crate::zone;

/// The longest period: a leap year.
const MOST_DAYS: u16 = 366;
/// Periods that speak for less than this part of their time are not compared.
const COMPARABLE: f64 = 0.5;
/// As a device's cap: three of its intervals.
const INTERVALS_OF_A_GAP: i64 = 3;
const DAY_MS: i64 = 86_400_000;

impl ServerBackend {
    async fn find_period(&self, who: UserId, serial: &str, days: u16) -> Result<PeriodView> {
        let device = self.find_device(who, serial).await?;
        let (today, now) = (self.today_of(&device), self.clock.now());
        let from = first_day(today, days)?;
        let before = from.saturating_sub(i64::from(days).days());
        let mut sums = history::day_sums(&self.db, std::slice::from_ref(&device), before, today).await?;
        let mut earlier = sums.remove(&device.id).unwrap_or_default();
        let recent = earlier.split_off(&from);
        let tz = zone::find_or_utc(&device.zone);
        let (whole, whole_before) = (total(&recent), total(&earlier));
        let is_comparable =
            |sum: Rollup, from: Date, end: Timestamp| sum.coverage(end.since(zone::start_of(&tz, from))) >= COMPARABLE;
        let comparable =
            is_comparable(whole, from, now) && is_comparable(whole_before, before, zone::start_of(&tz, from));
        let fired = list_fired(&self.db, device.id, zone::start_of(&tz, from), now.plus_millis(1)).await?;
        let fired: Vec<Date> = fired.into_iter().map(|at| zone::day_of(&tz, at)).collect();
        let count = |day: Date| fired.iter().filter(|fired| **fired == day).count();
        let days_of_it = from.series(1.day()).take_while(|day| *day <= today);
        Ok(PeriodView {
            alerts: days_of_it
                .map(|day| u32::try_from(count(day)).unwrap_or(u32::MAX))
                .collect(),
            days: day_points(&tz, from, today, &recent, now),
            means: means(whole),
            before: comparable.then(|| means(whole_before)),
        })
    }

    async fn find_day(&self, who: UserId, serial: &str, day: Option<&str>) -> Result<DayView> {
        let device = self.find_device(who, serial).await?;
        let today = self.today_of(&device);
        let day = day.map_or(Ok(today), |day| day.parse().map_err(|_| Error::NotFound))?;
        let tz = zone::find_or_utc(&device.zone);
        let slots = history::day_slots(&self.db, &device, day, day).await?;
        let sum = slots
            .iter()
            .map(|slot| slot.rollup)
            .fold(Rollup::default(), Rollup::merge);
        let first = find_first_day(&self.db, device.id).await?.unwrap_or(today);
        let text = |day: Date| day.to_string();
        let length_ms = length_so_far_ms(&tz, day, self.clock.now());
        Ok(DayView {
            room: room_name(&device),
            day: day.to_string(),
            earlier: day.yesterday().ok().filter(|earlier| *earlier >= first).map(text),
            later: day.tomorrow().ok().filter(|later| *later <= today).map(text),
            slots: slots.into_iter().map(|slot| slot_point(&tz, slot)).collect(),
            t: sum.t.map(|t| band(t.into())),
            h: sum.h.map(|h| band(h.into())),
            covered_min: minutes(sum.covered_ms.min(length_ms)),
            length_min: minutes(length_ms),
        })
    }

    async fn find_pattern(&self, who: UserId, serial: &str, days: u16) -> Result<Vec<PatternCell>> {
        let device = self.find_device(who, serial).await?;
        let tz = zone::find_or_utc(&device.zone);
        let today = self.today_of(&device);
        let mut sums: BTreeMap<(usize, usize), Rollup> = BTreeMap::new();
        for slot in history::day_slots(&self.db, &device, first_day(today, days)?, today).await? {
            let weekday = usize::try_from(slot.day.weekday().to_monday_zero_offset()).unwrap_or(0);
            let hour = usize::try_from(zone::wall(&tz, slot.slot.start).hour()).unwrap_or(0);
            let sum = sums.entry((weekday, hour / 2)).or_default();
            *sum = sum.merge(slot.rollup);
        }
        let cell = |((weekday, slot), sum)| PatternCell {
            weekday,
            slot,
            means: means(sum),
        };
        Ok(sums.into_iter().map(cell).collect())
    }

    async fn find_course(&self, who: UserId, serial: &str) -> Result<CourseView> {
        let device = self.find_device(who, serial).await?;
        let now = self.clock.now();
        let tz = zone::find_or_utc(&device.zone);
        let course = history::course(&self.db, &device, now).await?;
        let point = |(start, mean): (Timestamp, domain::reading::Measured)| CoursePoint {
            at: start.plus_millis(COURSE_STEP_MS / 2).min(now).as_millis(),
            means: Means { t: mean.t, h: mean.h },
        };
        let fired = list_fired(&self.db, device.id, now.plus_millis(-DAY_MS), now.plus_millis(1)).await?;
        Ok(CourseView {
            alerts: fired.into_iter().map(Timestamp::as_millis).collect(),
            points: course.into_iter().map(point).collect(),
            gap_ms: COURSE_STEP_MS * 2 + INTERVALS_OF_A_GAP * 1_000 * i64::from(device.interval_s),
            from: now.as_millis() - DAY_MS,
            to: now.as_millis(),
            offset_ms: zone::offset_ms(&tz, now),
        })
    }

    async fn list_compared(&self, who: UserId, days: u16) -> Result<Vec<ComparedRoom>> {
        let devices = list_devices_of(&self.db, who).await?;
        let Some(today) = devices.first().map(|device| self.today_of(device)) else {
            return Ok(Vec::new());
        };
        let from = first_day(today, days)?;
        let mut sums = history::day_sums(&self.db, &devices, from, today).await?;
        let compared = |device: &Device| {
            let days = sums.remove(&device.id).unwrap_or_default();
            let tz = zone::find_or_utc(&device.zone);
            ComparedRoom {
                room: room_name(device),
                means: means(total(&days)),
                days: day_points(&tz, from, today, &days, self.clock.now()),
            }
        };
        Ok(devices.iter().map(compared).collect())
    }

    fn today_of(&self, device: &Device) -> Date {
        zone::day_of(&zone::find_or_utc(&device.zone), self.clock.now())
    }
}

#[async_trait]
impl History for ServerBackend {
    async fn period(&self, who: Who, serial: String, days: u16) -> Result<PeriodView, AppError> {
        Ok(self.find_period(UserId(who.0), &serial, days).await?)
    }

    async fn day(&self, who: Who, serial: String, day: Option<String>) -> Result<DayView, AppError> {
        Ok(self.find_day(UserId(who.0), &serial, day.as_deref()).await?)
    }

    async fn pattern(&self, who: Who, serial: String, days: u16) -> Result<Vec<PatternCell>, AppError> {
        Ok(self.find_pattern(UserId(who.0), &serial, days).await?)
    }

    async fn course(&self, who: Who, serial: String) -> Result<CourseView, AppError> {
        Ok(self.find_course(UserId(who.0), &serial).await?)
    }

    async fn compared(&self, who: Who, days: u16) -> Result<Vec<ComparedRoom>, AppError> {
        Ok(self.list_compared(UserId(who.0), days).await?)
    }
}

/// The first of the `days` days that end with `today`.
fn first_day(today: Date, days: u16) -> Result<Date> {
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Error::Invalid {
            field: "days",
            reason: format!("1 to {MOST_DAYS}"),
        });
    }
    Ok(today.saturating_sub((i64::from(days) - 1).days()))
}

fn room_name(device: &Device) -> RoomName {
    RoomName {
        serial: device.serial.to_string(),
        name: device.name.clone(),
    }
}

fn total(days: &BTreeMap<Date, Rollup>) -> Rollup {
    days.values().copied().fold(Rollup::default(), Rollup::merge)
}

fn means(sum: Rollup) -> Means {
    Means {
        t: sum.t.map(domain::rollup::Aggregate::avg),
        h: sum.h.map(domain::rollup::Aggregate::avg),
    }
}

fn day_points(tz: &TimeZone, from: Date, to: Date, sums: &BTreeMap<Date, Rollup>, now: Timestamp) -> Vec<DayPoint> {
    let days = from.series(1.day()).take_while(|day| *day <= to);
    days.map(|day| day_point(tz, day, sums.get(&day).copied().unwrap_or_default(), now))
        .collect()
}

fn day_point(tz: &TimeZone, day: Date, sum: Rollup, now: Timestamp) -> DayPoint {
    let length_ms = length_so_far_ms(tz, day, now);
    DayPoint {
        day: day.to_string(),
        start: zone::start_of(tz, day).as_millis(),
        // The last reading speaks for a while ahead.
        covered_min: minutes(sum.covered_ms.min(length_ms)),
        length_min: minutes(length_ms),
        n: sum.n,
        t: sum.t.map(|t| band(t.into())),
        h: sum.h.map(|h| band(h.into())),
    }
}

/// Of a day that is not over, what there has been of it.
fn length_so_far_ms(tz: &TimeZone, day: Date, now: Timestamp) -> i64 {
    let span = zone::span_of(tz, day);
    now.min(span.end).since(span.start).max(0)
}
