//! Deletes raw readings after a while, a little at a time, so that the intake never has to wait for it. Slots stay.

use std::time::Duration;

use domain::time::Timestamp;
use tokio::time::{MissedTickBehavior, interval};

use crate::clock::Clock;
use crate::db::audit_events::delete_audit_events_before;
use crate::db::codes::delete_codes_before;
use crate::db::devices::list_device_ids;
use crate::db::readings::delete_readings_before;
use crate::db::retimed::delete_retimed_before;
use crate::db::sessions::delete_expired_sessions;
use crate::db::sign_in_steps::delete_expired_steps;
use crate::db::{Db, DeviceId};
use crate::duty::{self, Job};
use crate::error::Result;
use crate::lifecycle::Lifecycle;

const DAY_MS: i64 = 86_400_000;
/// How long raw readings are kept unless told otherwise, days.
pub const DEFAULT_DAYS: u16 = 14;
/// A reading may be a week late, and then its slot is computed anew from raw rows: they must all be there.
pub const LEAST_DAYS: u16 = 8;

/// How long people can see what was done to their accounts.
const AUDIT_DAYS: i64 = 365;

const EVERY: Duration = Duration::from_hours(1);
/// Rows that one statement deletes; some milliseconds of a small machine.
const ROWS_PER_STEP: u32 = 500;
/// A rest between steps for everybody else.
const REST: Duration = Duration::from_millis(20);

/// Cleans up now and every hour from now on, in one of several servers.
pub fn start(db: Db, clock: Clock, days: u16, lifecycle: &Lifecycle) {
    let stop = lifecycle.child();
    let duty = duty::keep(&db, Job::Retention, || true, lifecycle);
    lifecycle.spawn("retention", async move {
        let mut timer = interval(EVERY);
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let round = async {
                timer.tick().await;
                duty.begins().await;
                tokio::select! {
                    done = clean_up(&db, clock.now(), days) => done,
                    // Another goes on where this one was.
                    () = duty.ends() => Ok(0),
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                done = round => match done {
                    Ok(0) => {}
                    Ok(rows) => tracing::info!(rows, "deleted old raw readings"),
                    Err(error) => tracing::warn!(%error, "old raw readings stay for another hour"),
                },
            }
        }
    });
}

/// Deletes everything that is older than `days` (at least [`LEAST_DAYS`]) and returns how many readings that was.
pub async fn clean_up(db: &Db, now: Timestamp, days: u16) -> Result<u64> {
    let cutoff = now.plus_millis(-i64::from(days.max(LEAST_DAYS)) * DAY_MS);
    let mut deleted = 0;
    for device in list_device_ids(db).await? {
        deleted += clean_up_device(db, device, cutoff).await?;
    }
    delete_expired_sessions(db, now).await?;
    delete_expired_steps(db, now).await?;
    delete_codes_before(db, now, now.plus_millis(-DAY_MS)).await?;
    delete_audit_events_before(db, now.plus_millis(-AUDIT_DAYS * DAY_MS)).await?;
    Ok(deleted)
}

async fn clean_up_device(db: &Db, device: DeviceId, cutoff: Timestamp) -> Result<u64> {
    let mut deleted = 0;
    loop {
        let step = delete_readings_before(db, device, cutoff, ROWS_PER_STEP).await?;
        deleted += step;
        if step < u64::from(ROWS_PER_STEP) {
            delete_retimed_before(db, device, cutoff).await?;
            return Ok(deleted);
        }
        tokio::time::sleep(REST).await;
    }
}
