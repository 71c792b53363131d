//! How many of the devices that somebody has are there. Counts what `domain::presence` says of each, in SQL: a scrape
//! must not read a row of every device. `every_kind_of_presence_is_counted_as_the_domain_tells_it` holds the two together.

use domain::time::Timestamp;

use super::Db;
use crate::error::Result;

/// Devices by presence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presences {
    /// As fresh as they promise.
    pub online: i64,
    /// A reading or two are missing.
    pub late: i64,
    /// Gone.
    pub offline: i64,
    /// Never heard of.
    pub never_seen: i64,
}

/// Of all devices in homes, which could be heard since `listening_since`.
pub async fn count_presences(db: &Db, listening_since: Timestamp, now: Timestamp) -> Result<Presences> {
    let (all, never_seen, online, offline): (i64, i64, i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COUNT(CASE WHEN at IS NULL THEN 1 END), \
         COUNT(CASE WHEN will_at IS NULL AND ? - at <= fresh THEN 1 END), \
         COUNT(CASE WHEN ? - at > fresh \
               AND (will_at IS NOT NULL OR ? - CASE WHEN at > ? THEN at ELSE ? END > 2 * fresh) THEN 1 END) \
         FROM (SELECT s.now_at AS at, s.will_at AS will_at, \
               CASE WHEN d.interval_s > 12 THEN d.interval_s * 2500 ELSE 30000 END AS fresh \
               FROM devices d LEFT JOIN device_states s ON s.device_id = d.id WHERE d.household_id IS NOT NULL) seen",
    )
    .bind(now.as_millis())
    .bind(now.as_millis())
    .bind(now.as_millis())
    .bind(listening_since.as_millis())
    .bind(listening_since.as_millis())
    .fetch_one(db.pool())
    .await?;
    Ok(Presences {
        online,
        late: all - never_seen - online - offline,
        offline,
        never_seen,
    })
}
