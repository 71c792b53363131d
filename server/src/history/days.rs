//! What local days add up to, of one device or of a whole home in the same few statements.

use std::collections::{BTreeMap, HashMap};

use domain::rollup::Rollup;
use domain::time::Timestamp;
use jiff::civil::Date;

use super::slots::FARTHEST_ZONES_MS;
use crate::db::devices::Device;
use crate::db::slots::{DaySum, list_day_sums};
use crate::db::states::{States, list_states};
use crate::db::{Db, DeviceId};
use crate::error::Result;
use crate::zone;

/// The local days of each device that hold readings.
pub type DaySums = HashMap<DeviceId, BTreeMap<Date, Rollup>>;

/// The sums of the local days `from` to `to`, both included, the open slots with them.
pub async fn day_sums(db: &Db, devices: &[Device], from: Date, to: Date) -> Result<DaySums> {
    let ids = ids_of(devices);
    // The states first: a slot that ends in between is then seen twice, and not missed.
    let states = list_states(db, &ids).await?;
    day_sums_with(db, devices, &states, (from, to)).await
}

/// The same for who has read the states already.
pub(super) async fn day_sums_with(
    db: &Db,
    devices: &[Device],
    states: &States,
    (from, to): (Date, Date),
) -> Result<DaySums> {
    let sums = list_day_sums(db, &ids_of(devices), widest_span(devices, from, to), (from, to)).await?;
    let mut days = DaySums::new();
    let mut last_starts = HashMap::new();
    for DaySum {
        device,
        day,
        last_start,
        rollup,
    } in sums
    {
        days.entry(device).or_default().insert(day, rollup);
        last_starts.insert((device, day), last_start);
    }
    for (device, state) in states {
        let Some(open) = state.open.as_ref().filter(|open| (from..=to).contains(&open.day)) else {
            continue;
        };
        // No finished slot is later than the open one: if one is as late, it is the same, seen twice.
        let seen = last_starts
            .get(&(*device, open.day))
            .is_some_and(|last| *last >= open.open.slot.start);
        if !seen {
            let sum = days.entry(*device).or_default().entry(open.day).or_default();
            *sum = sum.merge(open.open.rollup);
        }
    }
    Ok(days)
}

/// From the first moment of `from` to the last of `to`, wherever the devices are and were.
fn widest_span(devices: &[Device], from: Date, to: Date) -> (Timestamp, Timestamp) {
    let zones = || devices.iter().map(|device| zone::find_or_utc(&device.zone));
    let start = zones().map(|tz| zone::start_of(&tz, from)).min().unwrap_or_default();
    let end = zones().map(|tz| zone::span_of(&tz, to).end).max().unwrap_or_default();
    (
        start.plus_millis(-FARTHEST_ZONES_MS),
        end.plus_millis(FARTHEST_ZONES_MS),
    )
}

pub(super) fn ids_of(devices: &[Device]) -> Vec<DeviceId> {
    devices.iter().map(|device| device.id).collect()
}
