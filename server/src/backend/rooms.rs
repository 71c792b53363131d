//! Rooms as pages ask for them, answered from the store: those of whoever asks, and no other.

use app::api::rooms::{Band, HomeView, Now, RoomCard, RoomSettings, RoomView, SlotPoint, Today, Trend, WantedInterval};
use app::backend::{Rooms, UserId as Who};
use app::error::AppError;
use async_trait::async_trait;
use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::command::Command;
use jiff::tz::TimeZone;
use tokio::try_join;

use super::ServerBackend;
use super::alarms::find_alarms;
use crate::db::UserId;
use crate::db::devices::{self, Device};
use crate::db::errands::{Errand, Outcome, find_latest_errand};
use crate::db::households::{self, Household};
use crate::db::outbox::find_last_to;
use crate::db::push_subscriptions::count_failing;
use crate::db::slots::DaySlot;
use crate::db::states::{State, list_states};
use crate::db::users::find_user;
use crate::error::{Error, Result};
use crate::history;
use crate::live::DeviceView;
use crate::zone;

const MINUTE_MS: i64 = 60_000;
/// How long a way to a person may fail before the home page speaks of it.
const PATIENCE_MS: i64 = 10 * MINUTE_MS;

impl ServerBackend {
    async fn find_settings(&self, who: UserId, serial: &str) -> Result<RoomSettings> {
        let device = self.find_device(who, serial).await?;
        let role = match device.household {
            Some(household) => households::find_role(&self.db, household, who).await?,
            None => None,
        };
        let latest = find_latest_errand(&self.db, device.id, "set").await?;
        Ok(RoomSettings {
            interval_s: device.interval_s,
            wanted: latest.and_then(|errand| wanted(&errand, device.interval_s)),
            serial: device.serial.to_string(),
            name: device.name,
            room: device.room,
            position: device.position,
            zone: device.zone,
            t_offset: device.t_offset,
            h_offset: device.h_offset,
            may_change: role.is_some_and(households::Role::may_change),
            may_release: role == Some(households::Role::Owner),
        })
    }

    async fn find_home(&self, who: UserId) -> Result<HomeView> {
        let households = households::list_households_of(&self.db, who).await?;
        let rooms = self.cards(&devices::list_devices_of(&self.db, who).await?).await?;
        let mut may_ask = false;
        for home in &households {
            may_ask |= self.may_change(who, Some(home.id)).await?;
        }
        let home = households.into_iter().next();
        let (household, demo) = home.map(|home| (home.name, home.demo)).unwrap_or_default();
        let untold = self.is_untold(who).await?;
        Ok(HomeView {
            household,
            demo,
            may_ask,
            untold,
            rooms,
        })
    }

    /// Whether one of the ways to a person has failed for longer than a server needs to start anew.
    async fn is_untold(&self, who: UserId) -> Result<bool> {
        let before = self.clock.now().plus_millis(-PATIENCE_MS);
        if count_failing(&self.db, who, before).await? > 0 {
            return Ok(true);
        }
        let Some(user) = find_user(&self.db, who).await? else {
            return Ok(false);
        };
        let last = find_last_to(&self.db, &user.email).await?;
        Ok(last.is_some_and(|last| last.is_failing() && last.created_at <= before))
    }

    /// Of a household that holds nothing but a recording.
    async fn find_showcase(&self) -> Result<Option<RoomCard>> {
        let devices = devices::list_demo_devices(&self.db).await?;
        let first = devices.get(..1).unwrap_or_default();
        Ok(self.cards(first).await?.pop())
    }

    async fn find_room(&self, who: UserId, serial: &str) -> Result<RoomView> {
        let device = self.find_device(who, serial).await?;
        let household = self.household_of(who, &device).await?;
        let tz = zone::find_or_utc(&device.zone);
        let today = zone::day_of(&tz, self.clock.now());
        let slots = history::day_slots(&self.db, &device, today, today).await?;
        let card = self.cards(std::slice::from_ref(&device)).await?.pop();
        Ok(RoomView {
            may_change: self.may_change(who, device.household).await?,
            slots: slots.into_iter().map(|slot| slot_point(&tz, slot)).collect(),
            card: card.ok_or(Error::NotFound)?,
            household: household.name,
            demo: household.demo,
            zone: device.zone,
        })
    }

    /// The rooms of these devices, whichever number of them, by the same few statements.
    async fn cards(&self, devices: &[Device]) -> Result<Vec<RoomCard>> {
        let (now, since) = (self.clock.now(), self.listening.since());
        let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
        let states = list_states(&self.db, &ids).await?;
        let (mut todays, mut trends, mut sparks, alarms) = try_join!(
            history::todays(&self.db, devices, &states, now),
            history::trends(&self.db, devices, now),
            history::sparks(&self.db, devices, now),
            find_alarms(&self.db, &ids),
        )?;
        let card = |device: &Device| {
            let view = DeviceView::of(device, states.get(&device.id).unwrap_or(&State::default()));
            RoomCard {
                alarm: alarms.get(&device.id).copied(),
                trend: trends.remove(&device.id).map(trend),
                today: todays.remove(&device.id).map(today),
                spark: sparks
                    .remove(&device.id)
                    .unwrap_or_else(|| vec![None; history::SPARK_POINTS]),
                ..card(device, &view, since, now)
            }
        };
        Ok(devices.iter().map(card).collect())
    }

    /// A serial that cannot exist does not exist.
    pub(super) async fn find_device(&self, who: UserId, serial: &str) -> Result<Device> {
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

    async fn showcase(&self) -> Result<Option<RoomCard>, AppError> {
        Ok(self.find_showcase().await?)
    }

    async fn room(&self, who: Who, serial: String) -> Result<RoomView, AppError> {
        Ok(self.find_room(UserId(who.0), &serial).await?)
    }

    async fn room_settings(&self, who: Who, serial: String) -> Result<RoomSettings, AppError> {
        Ok(self.find_settings(UserId(who.0), &serial).await?)
    }
}

/// What was wanted of a device that measures every `interval_s` seconds, unless it has it.
fn wanted(errand: &Errand, interval_s: u32) -> Option<WantedInterval> {
    let Command::Set { interval_s: wanted } = errand.command else {
        return None;
    };
    match errand.outcome {
        _ if wanted == interval_s => None,
        None => Some(WantedInterval::Waiting(wanted)),
        Some(Outcome::Refused) => {
            let why = errand.answer.clone().unwrap_or_default();
            Some(WantedInterval::Refused(wanted, why))
        }
        Some(Outcome::Done | Outcome::Expired | Outcome::Replaced) => None,
    }
}

/// The room of a device without its past.
fn card(device: &Device, view: &DeviceView, listening_since: Timestamp, now: Timestamp) -> RoomCard {
    let tz = zone::find_or_utc(&device.zone);
    let newest = |at| Now {
        at: Timestamp::as_millis(at),
        local: zone::rfc3339(&tz, at),
        t: view.t,
        h: view.h,
    };
    RoomCard {
        serial: device.serial.to_string(),
        name: device.name.clone(),
        room: device.room.clone(),
        now: view.at.map(newest),
        presence: view.glimpse(listening_since, now).presence.as_str().to_owned(),
        interval_s: view.interval_s,
        will_offline: view.will_offline,
        listening_since: listening_since.as_millis(),
        alarm: None,
        trend: None,
        today: None,
        spark: Vec::new(),
    }
}

pub(super) fn band(band: history::Band) -> Band {
    Band {
        avg: band.avg,
        min: band.min,
        max: band.max,
    }
}

/// Whole minutes.
pub(super) fn minutes(ms: i64) -> u32 {
    u32::try_from(ms / MINUTE_MS).unwrap_or(0)
}

fn today(today: history::Today) -> Today {
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

fn trend(trend: domain::trend::Trend) -> Trend {
    Trend {
        delta_c: trend.delta_c,
        minutes: trend.minutes,
    }
}

pub(super) fn slot_point(tz: &TimeZone, slot: DaySlot) -> SlotPoint {
    SlotPoint {
        start: slot.slot.start.as_millis(),
        end: slot.slot.end.as_millis(),
        local: zone::rfc3339(tz, slot.slot.start),
        t: slot.rollup.t.map(|t| band(t.into())),
        h: slot.rollup.h.map(|h| band(h.into())),
        coverage: slot.rollup.coverage(slot.slot.length_ms()),
    }
}
