//! One batch, one transaction.

use std::collections::HashMap;

use domain::serial::Serial;
use sqlx::AnyConnection;

use super::devices::Devices;
use super::message::Message;
use super::plan::{Outcome, Present, Questions, Writes, plan, questions};
use super::recompute::recompute;
use crate::alerts::Bell;
use crate::db::devices::update_reported;
use crate::db::readings::{find_stored, insert_readings, update_confirmed};
use crate::db::rejects::{self, Reject, delete_old_rejects, insert_rejects};
use crate::db::retimed::{find_retimed, insert_retimed};
use crate::db::rule_states::update_memories;
use crate::db::slots::update_slots;
use crate::db::states::update_states;
use crate::db::{Db, DeviceId, Dialect, Tx};
use crate::error::Result;

/// Stores a batch. On an error nothing is stored, and `devices` must be forgotten.
pub(super) async fn commit(
    db: &Db,
    connection: &mut AnyConnection,
    devices: &mut Devices,
    batch: &[Message],
    bell: Option<&Bell>,
) -> Result<Outcome> {
    let mut serials: Vec<_> = batch.iter().map(|message| message.serial).collect();
    serials.sort_unstable();
    serials.dedup();

    let mut tx = db.begin_write_on(connection).await?;
    devices.load(&mut tx, db.dialect(), &serials).await?;
    let present = look_up(&mut tx, db.dialect(), questions(batch, devices)).await?;
    let (mut writes, outcome) = plan(batch, devices, present);
    let news = std::mem::take(&mut writes.news);
    write(&mut tx, db.dialect(), devices, writes).await?;
    write_states(&mut tx, db.dialect(), devices, &serials).await?;
    let mut rung = false;
    if let (Some(bell), Some(last)) = (bell, batch.last()) {
        rung = bell.ring(&mut tx, &news, last.received).await?;
    }
    tx.commit().await?;
    if let Some(bell) = bell.filter(|_| rung) {
        bell.wake();
    }
    Ok(outcome)
}

async fn look_up(tx: &mut Tx<'_>, dialect: Dialect, questions: Questions) -> Result<Present> {
    Ok(Present {
        readings: find_stored(tx, dialect, &questions.readings).await?,
        names: find_retimed(tx, dialect, &questions.names).await?,
    })
}

async fn write(tx: &mut Tx<'_>, dialect: Dialect, devices: &mut Devices, writes: Writes) -> Result<()> {
    insert_readings(tx, &writes.readings).await?;
    insert_retimed(tx, &writes.names).await?;
    for (device, at) in writes.confirmed {
        update_confirmed(tx, device, at).await?;
    }
    update_slots(tx, dialect, &writes.closed).await?;
    recompute(tx, dialect, devices, &writes.stale).await?;
    for serial in writes.reported {
        if let Some(known) = devices.get(serial) {
            update_reported(tx, known.id, known.interval_s, known.fw.as_deref()).await?;
        }
    }
    write_rejects(tx, writes.rejects).await
}

async fn write_states(tx: &mut Tx<'_>, dialect: Dialect, devices: &mut Devices, serials: &[Serial]) -> Result<()> {
    let states: Vec<_> = serials
        .iter()
        .filter_map(|serial| devices.get(*serial))
        .map(|known| (known.id, &known.state))
        .collect();
    update_states(tx, dialect, &states).await?;
    let rules = serials.iter().filter_map(|serial| devices.get(*serial));
    let changed: Vec<_> = rules
        .flat_map(|known| known.rules.iter().filter(|rule| rule.changed))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    update_memories(tx, dialect, &changed).await?;
    for serial in serials {
        for rule in devices.get_mut(*serial).into_iter().flat_map(|known| &mut known.rules) {
            rule.changed = false;
        }
    }
    Ok(())
}

async fn write_rejects(tx: &mut Tx<'_>, rejects: Vec<Reject>) -> Result<()> {
    let (rejects, per_device) = last_of_each(rejects);
    insert_rejects(tx, &rejects).await?;
    for device in per_device.into_keys() {
        delete_old_rejects(tx, device).await?;
    }
    Ok(())
}

/// No more than are kept, so that a device that talks nonsense costs no more than it must.
fn last_of_each(mut rejects: Vec<Reject>) -> (Vec<Reject>, HashMap<DeviceId, usize>) {
    let mut per_device = HashMap::new();
    rejects.reverse();
    rejects.retain(|reject| {
        let count = per_device.entry(reject.device).or_insert(0);
        *count += 1;
        *count <= rejects::KEPT
    });
    rejects.reverse();
    (rejects, per_device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Timestamp;

    #[test]
    fn of_a_flood_of_rejects_the_last_twenty_are_kept_in_order() {
        let reject = |device, n: i64| Reject {
            device: DeviceId(device),
            at: Timestamp::from_millis(n),
            reason: String::new(),
            excerpt: String::new(),
        };
        let flood: Vec<_> = (0..500).map(|n| reject(1, n)).chain([reject(2, 7)]).collect();
        let (kept, _) = last_of_each(flood);
        let of = |device| {
            kept.iter()
                .filter(move |reject| reject.device == DeviceId(device))
                .map(|reject| reject.at.as_millis())
        };
        assert_eq!(of(1).collect::<Vec<_>>(), (480..500).collect::<Vec<_>>());
        assert_eq!(of(2).collect::<Vec<_>>(), [7]);
    }
}
