//! The last day, from single readings: its outline at a glance, its course, and where the temperature is going.
//!
//! Plain means of short stretches: these are pictures, not figures that anybody computes with.

use std::collections::HashMap;

use domain::reading::Measured;
use domain::time::Timestamp;
use domain::trend::{self, Trend};

use super::days::ids_of;
use crate::db::devices::Device;
use crate::db::readings::list_means;
use crate::db::{Db, DeviceId};
use crate::error::Result;
use crate::ingest::calibrated;

/// Half-hours in a day.
pub const SPARK_POINTS: usize = 48;

const MINUTE_MS: i64 = 60_000;
const HALF_HOUR_MS: i64 = 30 * MINUTE_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How fine the course of the last day is.
pub const COURSE_STEP_MS: i64 = 5 * MINUTE_MS;

/// Calibrated means and the starts of the stretches they are of, in order.
type Means = Vec<(Timestamp, Measured)>;

/// The mean temperature of each of the last 48 half-hours, °C, the running one last; `None` where nothing was measured.
pub async fn sparks(db: &Db, devices: &[Device], now: Timestamp) -> Result<HashMap<DeviceId, Vec<Option<f64>>>> {
    let end = now.as_millis() - now.as_millis().rem_euclid(HALF_HOUR_MS) + HALF_HOUR_MS;
    let (from, to) = (
        Timestamp::from_millis(end - HALF_HOUR_MS * 48),
        Timestamp::from_millis(end),
    );
    let means = means(db, devices, (from, to), HALF_HOUR_MS).await?;
    let spark = |(device, means): (DeviceId, Means)| {
        let mut points = vec![None; SPARK_POINTS];
        for (at, mean) in means {
            let index = usize::try_from(at.since(from) / HALF_HOUR_MS).ok();
            if let Some(point) = index.and_then(|index| points.get_mut(index)) {
                *point = mean.t;
            }
        }
        (device, points)
    };
    Ok(means.into_iter().map(spark).collect())
}

/// Where each device's temperature has been going for the last hour; those that say too little are left out.
pub async fn trends(db: &Db, devices: &[Device], now: Timestamp) -> Result<HashMap<DeviceId, Trend>> {
    // Means of whole minutes: a device that measures every second costs no more than one that measures every minute.
    let from = now.plus_millis(-HOUR_MS);
    let means = means(db, devices, (from, now.plus_millis(1)), MINUTE_MS).await?;
    let middle = |at: Timestamp| at.plus_millis(MINUTE_MS / 2).clamp(from, now);
    let trend = |(device, means): (DeviceId, Means)| {
        let temperatures = means.into_iter().filter_map(|(at, mean)| Some((middle(at), mean.t?)));
        Some((device, trend::trend(now, &temperatures.collect::<Vec<_>>())?))
    };
    Ok(means.into_iter().filter_map(trend).collect())
}

/// The last 24 hours in means of [`COURSE_STEP_MS`], by the start of each; stretches without readings are left out.
pub async fn course(db: &Db, device: &Device, now: Timestamp) -> Result<Vec<(Timestamp, Measured)>> {
    let span = (now.plus_millis(-DAY_MS), now.plus_millis(1));
    let mut means = means(db, std::slice::from_ref(device), span, COURSE_STEP_MS).await?;
    Ok(means.remove(&device.id).unwrap_or_default())
}

async fn means(
    db: &Db,
    devices: &[Device],
    span: (Timestamp, Timestamp),
    bucket_ms: i64,
) -> Result<HashMap<DeviceId, Means>> {
    let offsets: HashMap<_, _> = devices
        .iter()
        .map(|device| (device.id, (device.t_offset, device.h_offset)))
        .collect();
    let mut found: HashMap<DeviceId, Means> = HashMap::new();
    for mean in list_means(db, &ids_of(devices), span, bucket_ms).await? {
        let (t_offset, h_offset) = offsets.get(&mean.device).copied().unwrap_or_default();
        let measured = calibrated(mean.raw, t_offset, h_offset);
        found.entry(mean.device).or_default().push((mean.start, measured));
    }
    Ok(found)
}
