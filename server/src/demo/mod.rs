//! A household to look at: the recorded rooms of a real house, as if they had been measured here until now.
//!
//! The recorded wall clock becomes the household's wall clock, so that mornings are mornings. Nothing is made up and
//! nothing is smoothed; the readings go through the same gate and the same roll-up as those of any device. Running it
//! again only adds what is missing since.

mod credentials;
mod household;
mod recording;

use std::path::Path;

use domain::time::Timestamp;

use crate::db::Db;
use crate::db::devices::update_interval;
use crate::error::Result;
use crate::ingest::replay;
use crate::products::Shop;
use crate::{retention, zone};

pub use household::{EMAIL, PASSWORD};

/// Seconds between readings of the recording.
const RECORDED_INTERVAL_S: u32 = 600;
/// History that ends more recently than this needs nothing added.
const FRESH_MS: i64 = 2 * 1_000 * RECORDED_INTERVAL_S as i64;

/// What to fill the demo household with.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Recorded rooms: `ts_utc,device,temperature_c,humidity_pct`.
    pub file: &'a Path,
    /// Days of history, ending now.
    pub days: u16,
    /// Where the simulator will look for the devices' passwords.
    pub credentials: &'a Path,
    /// Makes the devices, and knows where their broker is.
    pub shop: &'a Shop,
}

/// Makes the household if it is not there, writes the credentials file, and brings the history up to `now`. Returns how
/// many readings were added.
pub async fn seed(db: &Db, options: &Options<'_>, now: Timestamp) -> Result<u64> {
    let rooms = recording::read(options.file)?;
    let user = household::find_or_insert_user(db, now).await?;
    let names: Vec<_> = rooms.iter().map(|room| room.name.as_str()).collect();
    let devices = household::find_or_insert_devices(options.shop, user, &names, now).await?;
    credentials::write(db, options, &devices, &names).await?;

    let zone = zone::find(household::ZONE)?;
    let mut added = 0;
    for (room, device) in rooms.iter().zip(&devices) {
        let since = household::history_ends(db, device.id).await?;
        if since.is_some_and(|since| now.since(since) < FRESH_MS) {
            continue;
        }
        update_interval(db, device.id, RECORDED_INTERVAL_S).await?;
        let history = room.until(now, options.days, &zone);
        let missing = history.partition_point(|(at, _)| since.is_some_and(|since| *at <= since));
        added += replay(db, device.serial, &history[missing..]).await?;
    }
    retention::clean_up(db, now, retention::DEFAULT_DAYS).await?;
    Ok(added)
}
