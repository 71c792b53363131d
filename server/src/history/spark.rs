//! The last day at a glance, and where the temperature is going.

use domain::time::Timestamp;
use domain::trend::{self, Trend};

use crate::db::Db;
use crate::db::devices::Device;
use crate::db::readings::list_bucket_means;
use crate::error::Result;

/// Half-hours in a day.
pub const SPARK_POINTS: usize = 48;

const HALF_HOUR_MS: i64 = 30 * 60_000;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The mean temperature of each of the last 48 half-hours, °C, the running one last; `None` where nothing was measured.
///
/// Plain means: this is a picture 48 points wide, not a figure that anybody computes with.
pub async fn spark(db: &Db, device: &Device, now: Timestamp) -> Result<Vec<Option<f64>>> {
    let end = now.as_millis() - now.as_millis().rem_euclid(HALF_HOUR_MS) + HALF_HOUR_MS;
    let start = end - HALF_HOUR_MS * 48;
    let (from, to) = (Timestamp::from_millis(start), Timestamp::from_millis(end));
    let mut points = vec![None; SPARK_POINTS];
    for (at, mean) in list_bucket_means(db, device.id, from, to, HALF_HOUR_MS).await? {
        let index = usize::try_from(at.since(from) / HALF_HOUR_MS).ok();
        if let Some(point) = index.and_then(|index| points.get_mut(index)) {
            *point = Some(mean + device.t_offset);
        }
    }
    Ok(points)
}

/// Where the temperature has been going for the last hour.
pub async fn trend(db: &Db, device: &Device, now: Timestamp) -> Result<Option<Trend>> {
    // Means of whole minutes: a device that measures every second costs no more than one that measures every minute.
    let from = now.plus_millis(-HOUR_MS);
    let means = list_bucket_means(db, device.id, from, now.plus_millis(1), MINUTE_MS).await?;
    let middle = |at: Timestamp| at.plus_millis(MINUTE_MS / 2).clamp(from, now);
    let means: Vec<_> = means.into_iter().map(|(at, mean)| (middle(at), mean)).collect();
    Ok(trend::trend(now, &means))
}
