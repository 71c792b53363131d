//! What rules would have told in the last week, from the device's own past.

use domain::alert::{Event, Rule, rehearse};
use domain::time::Timestamp;

use crate::calibration::calibrated;
use crate::db::Db;
use crate::db::devices::Device;
use crate::db::readings::list_judged;
use crate::error::Result;

const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// How often each of the rules would have alarmed in the last seven days, with a rule beside them that watches the sensor.
pub async fn rehearse_week(db: &Db, device: &Device, rules: &[Rule], now: Timestamp) -> Result<Vec<usize>> {
    let past = list_judged(db, device.id, now.plus_millis(-WEEK_MS), now).await?;
    let past = past.into_iter().map(|(at, raw)| {
        let measured = raw.map(|raw| calibrated(raw, device.t_offset, device.h_offset));
        (at, measured)
    });
    let mut asked = rules.to_vec();
    asked.push(Rule::Fault {});
    let mut times = vec![0; asked.len()];
    for (rule, event) in rehearse(&asked, device.interval_s, past, now) {
        times[rule] += usize::from(matches!(event, Event::Fired { .. }));
    }
    times.truncate(rules.len());
    Ok(times)
}
