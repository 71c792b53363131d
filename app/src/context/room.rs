//! A room as of now: what the server rendered, overtaken by what the socket says.

use domain::presence::{Presence, presence};
use domain::time::Timestamp;
use domain::trend::Trend;
use leptos::prelude::*;

use super::{Latest, use_clock, use_live};
use crate::api::rooms::RoomCard;
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

/// Signals of one room.
#[derive(Clone, Copy)]
pub struct LiveRoom {
    name: StoredValue<String>,
    trend: Option<Trend>,
    /// The newest reading.
    pub reading: Memo<Option<Reading>>,
    /// Whether the device is there.
    pub presence: Memo<Presence>,
}

impl LiveRoom {
    /// Follows the room that the card describes.
    pub fn new(card: &RoomCard) -> Self {
        let clock = use_clock();
        let latest = use_live().device(&card.serial);
        let (interval_s, will_offline) = (card.interval_s, card.will_offline);
        let rendered = card.now.clone().map(|now| Reading {
            at: now.at,
            local: Some(now.local),
            t: now.t,
            h: now.h,
        });
        let reading = Memo::new({
            let latest = latest.clone();
            move |_| latest.with(|latest| newer(latest.as_ref(), rendered.as_ref()))
        });
        // The hint is weighed once, when the socket speaks: later the reading's age tells more.
        let will_offline = Memo::new(move |_| {
            latest.with(|latest| match latest {
                Some(latest) => latest.will_offline(interval_s, untrack(|| clock.now())),
                None => will_offline,
            })
        });
        let presence = Memo::new(move |_| {
            let last_at = reading.with(|reading| reading.as_ref().map(|r| Timestamp::from_millis(r.at)));
            presence(
                last_at,
                interval_s,
                will_offline.get(),
                Timestamp::from_millis(clock.now()),
            )
        });
        let trend = card.trend.map(|trend| Trend {
            delta_c: trend.delta_c,
            minutes: trend.minutes,
        });
        Self {
            name: StoredValue::new(card.name.clone()),
            trend,
            reading,
            presence,
        }
    }

    /// Where the temperature is going, as of rendering.
    pub const fn trend(self) -> Option<Trend> {
        self.trend
    }

    /// Whether the last value must not be taken for the present one.
    pub fn stale(self) -> bool {
        matches!(self.presence.get(), Presence::Offline)
    }

    /// What the home's sentence needs to know about this room.
    pub fn state(self) -> status::Room {
        status::Room {
            name: self.name.get_value(),
            presence: self.presence.get(),
            t: self
                .reading
                .with(|reading| reading.as_ref().and_then(|reading| reading.t)),
            trend: self.trend,
        }
    }
}

/// The live reading unless the rendered one is newer, as after a fresh fetch.
fn newer(latest: Option<&Latest>, rendered: Option<&Reading>) -> Option<Reading> {
    match (latest, rendered) {
        (Some(latest), rendered) if rendered.is_none_or(|rendered| rendered.at < latest.at) => Some(Reading {
            at: latest.at,
            local: None,
            t: latest.t,
            h: latest.h,
        }),
        (_, rendered) => rendered.cloned(),
    }
}
