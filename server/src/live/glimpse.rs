//! One device as an open page sees it.

use app::api::live::LiveEvent;
use domain::presence::{Presence, presence};
use domain::reading::Measured;
use domain::serial::Serial;
use domain::time::Timestamp;

use crate::db::Db;
use crate::db::devices::Device;
use crate::db::states::{self, State};
use crate::error::Result;
use crate::ingest::{Committed, calibrated};

/// What the hub knows of a device; enough to tell its presence at any later moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeviceView {
    /// Its name on the wire.
    pub serial: Serial,
    /// When the newest reading was measured.
    pub at: Option<Timestamp>,
    /// °C, calibrated.
    pub t: Option<f64>,
    /// %RH, calibrated.
    pub h: Option<f64>,
    /// Seconds between its messages.
    pub interval_s: u32,
    /// Whether the broker said that the connection broke.
    pub will_offline: bool,
}

impl DeviceView {
    /// What the store knows of a device.
    pub async fn load(db: &Db, device: &Device) -> Result<Self> {
        let state = states::find_state(db, device.id).await?.unwrap_or_default();
        Ok(Self::of(device, &state))
    }

    /// What the store knows of a device, calibrated.
    pub fn of(device: &Device, state: &State) -> Self {
        let raw = state
            .now
            .map_or_else(Measured::default, |now| Measured { t: now.t, h: now.h });
        let Measured { t, h } = calibrated(raw, device.t_offset, device.h_offset);
        Self {
            serial: device.serial,
            at: state.now.map(|now| now.at),
            t,
            h,
            interval_s: device.interval_s,
            will_offline: state.will_at.is_some(),
        }
    }

    /// What a commit says, if it is the newest of its device.
    pub fn of_committed(committed: &Committed) -> Option<Self> {
        let now = committed.now?;
        Some(Self {
            serial: committed.serial,
            at: Some(now.at),
            t: now.t,
            h: now.h,
            interval_s: committed.interval_s,
            will_offline: committed.will_offline,
        })
    }

    /// As it looks at `now`, when devices can be heard since `listening_since`.
    pub fn glimpse(&self, listening_since: Timestamp, now: Timestamp) -> Glimpse {
        Glimpse {
            serial: self.serial,
            at: self.at,
            t: self.t,
            h: self.h,
            presence: presence(self.at, self.interval_s, self.will_offline, listening_since, now),
        }
    }
}

/// What one message on a socket says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glimpse {
    /// Its name on the wire.
    pub serial: Serial,
    /// When the newest reading was measured.
    pub at: Option<Timestamp>,
    /// °C, calibrated.
    pub t: Option<f64>,
    /// %RH, calibrated.
    pub h: Option<f64>,
    /// How present it is.
    pub presence: Presence,
}

impl From<Glimpse> for LiveEvent {
    fn from(glimpse: Glimpse) -> Self {
        Self {
            serial: glimpse.serial.to_string(),
            at: glimpse.at.map(Timestamp::as_millis),
            t: glimpse.t,
            h: glimpse.h,
            presence: glimpse.presence.as_str().to_owned(),
        }
    }
}
