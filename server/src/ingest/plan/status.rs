//! Takes what a device says about itself, or its broker about it. Never counts as data.

use domain::time::Timestamp;
use domain::wire::status::Status;

use super::{Writes, roll_up};
use crate::db::states::Known;
use crate::ingest::PresenceHint;

/// Takes a status into the device's state. A retained copy may be old, so it does not count as hearing from the device.
pub(super) fn take(
    status: &Status,
    retained: bool,
    received: Timestamp,
    known: &mut Known,
    writes: &mut Writes,
) -> PresenceHint {
    known.state.will_at = if status.online {
        None
    } else {
        known.state.will_at.or(Some(received))
    };
    if status.online && !retained {
        known.state.seen_at = Some(received);
    }
    if let Some(boot) = status.boot.and_then(|boot| i64::try_from(boot).ok()) {
        known.state.boot = Some(boot);
    }
    if let Some(interval_s) = status.interval_s.filter(|&s| s != known.interval_s) {
        known.interval_s = interval_s;
        writes.reported.insert(known.serial);
        roll_up::follow_interval(known, writes);
    }
    if status.fw.is_some() && status.fw != known.fw {
        known.fw.clone_from(&status.fw);
        writes.reported.insert(known.serial);
    }
    PresenceHint {
        device: known.id,
        serial: known.serial,
        last_at: known.state.now.map(|now| now.at),
        interval_s: known.interval_s,
        will_offline: known.state.will_at.is_some(),
    }
}
