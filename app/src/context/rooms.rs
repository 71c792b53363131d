//! The rooms of the page as of now: what the server rendered, overtaken by what the socket says.

use domain::presence::{Presence, is_stale, presence};
use domain::time::Timestamp;
use domain::trend::Trend;
use leptos::prelude::*;

use super::Clock;
use crate::api::live::LiveEvent;
use crate::api::rooms::Seed;
use crate::words::status;

/// A reading to show.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// When it was measured, Unix ms.
    pub at: i64,
    /// The same as the server wrote it in the device's time zone; live readings carry none.
    pub local: Option<String>,
    /// Temperature, °C.
    pub t: Option<f64>,
    /// Relative humidity, %.
    pub h: Option<f64>,
}

/// All rooms of the page.
#[derive(Clone, Copy)]
pub struct Rooms(StoredValue<Vec<LiveRoom>>);

impl Rooms {
    /// The rooms as they were rendered.
    pub fn new(seeds: Vec<Seed>, clock: Clock) -> Self {
        Self(StoredValue::new(
            seeds.into_iter().map(|seed| LiveRoom::new(seed, clock)).collect(),
        ))
    }

    /// Every room in the order of the page.
    pub fn all(self) -> Vec<LiveRoom> {
        self.0.get_value()
    }

    /// The room a device measures.
    pub fn find(self, serial: &str) -> Option<LiveRoom> {
        self.0
            .with_value(|rooms| rooms.iter().find(|room| room.has(serial)).copied())
    }

    /// Takes in what the socket said; `now` is the page's clock, Unix ms.
    pub fn apply(self, event: &LiveEvent, now: i64) {
        if let Some(room) = self.find(&event.serial) {
            room.apply(event, now);
        }
    }

    /// Takes in a newer rendering. `false` if it is not of the same rooms.
    pub fn renew(self, seeds: Vec<Seed>) -> bool {
        let rooms = self.all();
        if rooms.len() != seeds.len() || !rooms.iter().zip(&seeds).all(|(room, seed)| room.has(&seed.serial)) {
            return false;
        }
        for (room, seed) in rooms.into_iter().zip(seeds) {
            room.seed.set(seed);
        }
        true
    }
}

/// Signals of one room.
#[derive(Clone, Copy)]
pub struct LiveRoom {
    seed: RwSignal<Seed>,
    latest: RwSignal<Option<Latest>>,
    /// The newest reading.
    pub reading: Memo<Option<Reading>>,
    /// Whether the device is there.
    pub presence: Memo<Presence>,
    stale: Memo<bool>,
}

/// The newest reading as the socket told it.
#[derive(Clone, Debug, PartialEq)]
struct Latest {
    reading: Reading,
    /// Whether the server knew more than the reading's age told: that the connection broke.
    will_offline: bool,
}

impl LiveRoom {
    fn new(seed: Seed, clock: Clock) -> Self {
        let (seed, latest) = (RwSignal::new(seed), RwSignal::new(None::<Latest>));
        let reading = Memo::new(move |_| latest.with(|latest| seed.with(|seed| newer(latest.as_ref(), seed))));
        let presence = Memo::new(move |_| {
            let last_at = reading.with(|reading| reading.as_ref().map(|r| Timestamp::from_millis(r.at)));
            let broken = latest.with(|latest| latest.as_ref().map(|latest| latest.will_offline));
            let broken = broken.unwrap_or_else(|| seed.read().will_offline);
            let seed = seed.read();
            let since = Timestamp::from_millis(seed.listening_since);
            presence(
                last_at,
                seed.interval_s,
                broken,
                since,
                Timestamp::from_millis(clock.now()),
            )
        });
        let stale = Memo::new(move |_| {
            let at = reading.with(|reading| reading.as_ref().map(|r| Timestamp::from_millis(r.at)));
            let (interval_s, now) = (seed.read().interval_s, Timestamp::from_millis(clock.now()));
            presence.get() == Presence::Offline || at.is_some_and(|at| is_stale(at, interval_s, now))
        });
        Self {
            seed,
            latest,
            reading,
            presence,
            stale,
        }
    }

    /// What its people call it.
    pub fn name(self) -> String {
        self.seed.read().name.clone()
    }

    /// Serial number of the device that measures here.
    pub fn serial(self) -> String {
        self.seed.with_untracked(|seed| seed.serial.clone())
    }

    /// Where the temperature is going.
    pub fn trend(self) -> Option<Trend> {
        let trend = self.seed.read().trend;
        trend.map(|trend| Trend {
            delta_c: trend.delta_c,
            minutes: trend.minutes,
        })
    }

    /// Whether the last value must not be taken for the present one.
    pub fn stale(self) -> bool {
        self.stale.get()
    }

    /// What the home's sentence needs to know about this room.
    pub fn state(self) -> status::Room {
        status::Room {
            name: self.name(),
            presence: self.presence.get(),
            stale: self.stale(),
            t: self
                .reading
                .with(|reading| reading.as_ref().and_then(|reading| reading.t)),
            h: self
                .reading
                .with(|reading| reading.as_ref().and_then(|reading| reading.h)),
            trend: self.trend(),
            alarm: self.seed.read().alarm,
        }
    }

    /// Whether this device measures it.
    pub fn has(self, serial: &str) -> bool {
        self.seed.with_untracked(|seed| seed.serial == serial)
    }

    /// Takes a message in; a reading older than the one known is ignored.
    fn apply(self, event: &LiveEvent, now: i64) {
        let Some(at) = event.at else { return };
        if self
            .latest
            .with_untracked(|known| known.as_ref().is_some_and(|known| known.reading.at > at))
        {
            return;
        }
        let (interval_s, since) = self
            .seed
            .with_untracked(|seed| (seed.interval_s, Timestamp::from_millis(seed.listening_since)));
        let measured_at = Some(Timestamp::from_millis(at));
        let by_age = presence(measured_at, interval_s, false, since, Timestamp::from_millis(now));
        let will_offline = worse(&event.presence, by_age);
        let reading = Reading {
            at,
            local: None,
            t: event.t,
            h: event.h,
        };
        self.latest.set(Some(Latest { reading, will_offline }));
    }
}

/// Whether the server's word for a presence is worse than what the reading's age makes of it.
fn worse(word: &str, by_age: Presence) -> bool {
    match word {
        "offline" => by_age != Presence::Offline,
        "late" => by_age == Presence::Online,
        _ => false,
    }
}

/// The live reading unless the rendered one is newer, as after a renewal.
fn newer(latest: Option<&Latest>, seed: &Seed) -> Option<Reading> {
    let rendered = seed.now.as_ref();
    match latest {
        Some(latest) if rendered.is_none_or(|rendered| rendered.at < latest.reading.at) => Some(latest.reading.clone()),
        _ => rendered.map(|now| Reading {
            at: now.at,
            local: Some(now.local.clone()),
            t: now.t,
            h: now.h,
        }),
    }
}

/// The rooms of this page.
pub fn use_rooms() -> Rooms {
    expect_context()
}
