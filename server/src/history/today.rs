//! Today so far.

use std::collections::HashMap;
use std::slice::from_ref;

use domain::rollup::Rollup;
use domain::time::Timestamp;
use jiff::civil::Date;

use super::Band;
use super::days::{day_sums_with, ids_of};
use crate::db::devices::Device;
use crate::db::states::{States, list_states};
use crate::db::{Db, DeviceId};
use crate::error::Result;
use crate::zone;

/// Today so far, by the device's own calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Today {
    /// °C.
    pub t: Option<Band>,
    /// %RH.
    pub h: Option<Band>,
    /// Time that readings speak for, ms; at most `elapsed_ms`.
    pub covered_ms: i64,
    /// Time since the day began, ms.
    pub elapsed_ms: i64,
}

impl Today {
    /// How much of the day so far is known, 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a day has few milliseconds")]
    pub fn coverage(&self) -> f64 {
        if self.elapsed_ms <= 0 {
            0.0
        } else {
            self.covered_ms as f64 / self.elapsed_ms as f64
        }
    }
}

/// Today so far; `None` before its first reading.
pub async fn today(db: &Db, device: &Device, now: Timestamp) -> Result<Option<Today>> {
    let devices = from_ref(device);
    let states = list_states(db, &ids_of(devices)).await?;
    Ok(todays(db, devices, &states, now).await?.remove(&device.id))
}

/// Today so far of each device that has measured anything today; `states` are theirs.
pub async fn todays(db: &Db, devices: &[Device], states: &States, now: Timestamp) -> Result<HashMap<DeviceId, Today>> {
    // Homes in several time zones have several todays.
    let days = || devices.iter().map(|device| day_of(device, now));
    let (Some(from), Some(to)) = (days().min(), days().max()) else {
        return Ok(HashMap::new());
    };
    let sums = day_sums_with(db, devices, states, (from, to)).await?;
    let today = |device: &Device| {
        let sum = sums.get(&device.id)?.get(&day_of(device, now))?;
        Some((device.id, so_far(device, *sum, now)))
    };
    Ok(devices.iter().filter_map(today).collect())
}

fn day_of(device: &Device, now: Timestamp) -> Date {
    zone::day_of(&zone::find_or_utc(&device.zone), now)
}

fn so_far(device: &Device, sum: Rollup, now: Timestamp) -> Today {
    let zone = zone::find_or_utc(&device.zone);
    let elapsed_ms = now.since(zone::start_of(&zone, zone::day_of(&zone, now)));
    Today {
        t: sum.t.map(Band::from),
        h: sum.h.map(Band::from),
        // The last reading speaks for a while ahead.
        covered_ms: sum.covered_ms.min(elapsed_ms),
        elapsed_ms,
    }
}
