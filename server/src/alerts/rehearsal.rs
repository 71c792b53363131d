//! What rules would have told in the last week, from the device's own past.

use domain::alert::{Event, Rule, rehearse};
use domain::time::Timestamp;

use crate::calibration::calibrated;
use crate::db::Db;
use crate::db::devices::Device;
use crate::db::readings::list_judged;
use crate::error::Result;

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Every event of the last seven days, with the place of its rule; a fault rule watches the sensor as it would.
pub async fn rehearse_week(db: &Db, device: &Device, rule: &Rule, now: Timestamp) -> Result<Vec<Event>> {
    let past = list_judged(db, device.id, now.plus_millis(-WEEK_MS), now).await?;
    let past = past.into_iter().map(|(at, raw)| {
        let measured = raw.map(|raw| calibrated(raw, device.t_offset, device.h_offset));
        (at, measured)
    });
    let rules = [*rule, Rule::Fault {}];
    let told = rehearse(&rules, device.interval_s, past, now);
    let own = |(which, event): (usize, Event)| (which == 0).then_some(event);
    Ok(told.into_iter().filter_map(own).collect())
}
