//! Today so far.

use domain::rollup::Rollup;
use domain::time::Timestamp;

use super::{Band, day_slots};
use crate::db::Db;
use crate::db::devices::Device;
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
    let zone = zone::find_or_utc(&device.zone);
    let day = zone::day_of(&zone, now);
    let slots = day_slots(db, device, day, day).await?;
    let sum = slots
        .iter()
        .map(|slot| slot.rollup)
        .fold(Rollup::default(), Rollup::merge);
    let elapsed_ms = now.since(zone::start_of(&zone, day));
    Ok((sum.n > 0).then(|| Today {
        t: sum.t.map(Band::from),
        h: sum.h.map(Band::from),
        // The last reading speaks for a while ahead.
        covered_ms: sum.covered_ms.min(elapsed_ms),
        elapsed_ms,
    }))
}
