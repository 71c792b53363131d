//! A rule may switch the lamp of its device: one way while it is active, the other way afterwards.
//!
//! What is to be done is an errand in the alert's own transaction, so that neither exists without the other; the courier
//! ([`crate::commands`]) tells the device. Of two that follow each other only the later one is still told.

use domain::time::Timestamp;
use domain::wire::command::Command;

use crate::db::errands::{NewErrand, insert_errand};
use crate::db::rules::Terms;
use crate::db::{AlertId, DeviceId, Tx};
use crate::error::Result;

/// A device that is away for longer finds its lamp as it was, ms: nobody is in that night any more.
const EXPIRES_MS: i64 = 24 * 3600 * 1000;

/// The rule has become active.
pub(super) async fn switch(
    tx: &mut Tx<'_>,
    device: DeviceId,
    terms: &Terms,
    alert: AlertId,
    now: Timestamp,
) -> Result<()> {
    match terms.lamp {
        Some(on) => tell(tx, device, on, alert, now).await,
        None => Ok(()),
    }
}

/// The rule is no longer active; `over` are its alerts that were under way.
pub(super) async fn switch_back(
    tx: &mut Tx<'_>,
    device: DeviceId,
    terms: &Terms,
    over: &[AlertId],
    now: Timestamp,
) -> Result<()> {
    match (terms.lamp, over.last()) {
        (Some(on), Some(alert)) => tell(tx, device, !on, *alert, now).await,
        _ => Ok(()),
    }
}

async fn tell(tx: &mut Tx<'_>, device: DeviceId, on: bool, alert: AlertId, now: Timestamp) -> Result<()> {
    let errand = NewErrand {
        device,
        alert: Some(alert),
        command: Command::Led { on },
        expires_at: now.plus_millis(EXPIRES_MS),
        next_at: now,
        request: None,
    };
    insert_errand(tx, &errand, now).await?;
    Ok(())
}
