//! Rooms as pages ask for them, answered from the store: those of whoever asks, and no other.

use std::collections::BTreeMap;

use app::api::rooms::{Band, DayPoint, HomeView, Now, RoomCard, RoomView, SlotPoint, Today, Trend};
use app::backend::{Rooms, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ServerBackend;
use crate::db::UserId;
use crate::db::devices::{self, Device};
use crate::db::households::{self, Household};
use crate::error::{Error, Result};
use crate::history::{self, Step};
use crate::live::DeviceView;
use crate::zone;

/// The chart's longest stretch: a leap year.
const MOST_DAYS: u16 = 366;

const MINUTE_MS: i64 = 60_000;

impl ServerBackend {
    async fn find_home(&self, who: UserId) -> Result<HomeView> {
        let households = households::list_households_of(&self.db, who).await?;
        let mut rooms = Vec::new();
        for device in devices::list_devices_of(&self.db, who).await? {
            rooms.push(self.card(&device).await?);
        }
        let home = households.into_iter().next();
        let (household, demo) = home.map(|home| (home.name, home.demo)).unwrap_or_default();
        Ok(HomeView { household, demo, rooms })
    }

    async fn find_room(&self, who: UserId, serial: &str) -> Result<RoomView> {
        let device = self.find_device(who, serial).await?;
        let household = self.household_of(who, &device).await?;
        let tz = zone::find_or_utc(&device.zone);
        let today = zone::day_of(&tz, self.clock.now());
        let slots = history::day_slots(&self.db, &device, today, today).await?;
        let point = |slot: crate::db::slots::DaySlot| SlotPoint {
            start: slot.slot.start.as_millis(),
            end: slot.slot.end.as_millis(),
            local: zone::rfc3339(&tz, slot.slot.start),
            t: slot.rollup.t.map(|t| band(t.into())),
            h: slot.rollup.h.map(|h| band(h.into())),
            coverage: slot.rollup.coverage(slot.slot.length_ms()),
        };
        Ok(RoomView {
            slots: slots.into_iter().map(point).collect(),
            card: self.card(&device).await?,
            household: household.name,
            demo: household.demo,
            zone: device.zone,
        })
    }

    async fn find_daily(&self, who: UserId, serial: &str, days: u16) -> Result<Vec<DayPoint>> {
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::Invalid {
                field: "days",
                reason: format!("1 to {MOST_DAYS}"),
            });
        }
        let device = self.find_device(who, serial).await?;
        let tz = zone::find_or_utc(&device.zone);
        let now = self.clock.now();
        let today = zone::day_of(&tz, now);
        let from = today.saturating_sub((i64::from(days) - 1).days());
        let points = history::history(&self.db, &device, from, today, Step::Day).await?;
        let mut measured: BTreeMap<Date, history::Point> = points.into_iter().map(|point| (point.day, point)).collect();
        let days = from.series(1.day()).take_while(|day| *day <= today);
        Ok(days
            .map(|day| day_point(&tz, day, measured.remove(&day), now))
            .collect())
    }

    async fn card(&self, device: &Device) -> Result<RoomCard> {
        let now = self.clock.now();
        let view = DeviceView::load(&self.db, device).await?;
        let tz = zone::find_or_utc(&device.zone);
        let trend = history::trend(&self.db, device, now).await?;
        let newest = |at| Now {
            at: Timestamp::as_millis(at),
            local: zone::rfc3339(&tz, at),
            t: view.t,
            h: view.h,
        };
        Ok(RoomCard {
            serial: device.serial.to_string(),
            name: device.name.clone(),
            now: view.at.map(newest),
            presence: view.glimpse(now).presence.as_str().to_owned(),
            interval_s: view.interval_s,
            will_offline: view.will_offline,
            trend: trend.map(|trend| Trend {
                delta_c: trend.delta_c,
                minutes: trend.minutes,
            }),
            today: history::today(&self.db, device, now).await?.map(today),
            spark: history::spark(&self.db, device, now).await?,
        })
    }

    /// A serial that cannot exist does not exist.
    async fn find_device(&self, who: UserId, serial: &str) -> Result<Device> {
        let serial: Serial = serial.parse().map_err(|_| Error::NotFound)?;
        devices::find_device_of(&self.db, who, serial)
            .await?
            .ok_or(Error::NotFound)
    }

    async fn household_of(&self, who: UserId, device: &Device) -> Result<Household> {
        let households = households::list_households_of(&self.db, who).await?;
        let home = households.into_iter().find(|home| Some(home.id) == device.household);
        home.ok_or(Error::NotFound)
    }
}

#[async_trait]
impl Rooms for ServerBackend {
    async fn home(&self, who: Who) -> Result<HomeView, AppError> {
        Ok(self.find_home(UserId(who.0)).await?)
    }

    async fn room(&self, who: Who, serial: String) -> Result<RoomView, AppError> {
        Ok(self.find_room(UserId(who.0), &serial).await?)
    }

    async fn daily(&self, who: Who, serial: String, days: u16) -> Result<Vec<DayPoint>, AppError> {
        Ok(self.find_daily(UserId(who.0), &serial, days).await?)
    }
}

fn band(band: history::Band) -> Band {
    Band {
        avg: band.avg,
        min: band.min,
        max: band.max,
    }
}

fn today(today: history::Today) -> Today {
    let minutes = |ms: i64| u32::try_from(ms / MINUTE_MS).unwrap_or(0);
    Today {
        t_avg: today.t.map(|t| t.avg),
        t_min: today.t.map(|t| t.min),
        t_max: today.t.map(|t| t.max),
        h_avg: today.h.map(|h| h.avg),
        h_min: today.h.map(|h| h.min),
        h_max: today.h.map(|h| h.max),
        coverage: today.coverage(),
        covered_min: minutes(today.covered_ms),
        elapsed_min: minutes(today.elapsed_ms),
    }
}

fn day_point(tz: &TimeZone, day: Date, point: Option<history::Point>, now: Timestamp) -> DayPoint {
    let span = zone::span_of(tz, day);
    // The coverage of a day that is not over counts against what there has been of it.
    let so_far = ratio(span.length_ms(), now.min(span.end).since(span.start).max(1));
    DayPoint {
        day: day.to_string(),
        start: span.start.as_millis(),
        coverage: point.map_or(0.0, |point| (point.coverage * so_far).min(1.0)),
        n: point.map_or(0, |point| point.n),
        t: point.and_then(|point| point.t).map(band),
        h: point.and_then(|point| point.h).map(band),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has few milliseconds")]
fn ratio(part_ms: i64, whole_ms: i64) -> f64 {
    part_ms as f64 / whole_ms as f64
}
