//! Computes slots anew from their raw rows, where appending could not keep the sums.

use std::collections::{BTreeMap, BTreeSet};

use domain::rollup::{OpenSlot, Slot, cap_ms};
use domain::serial::Serial;
use domain::time::Timestamp;

use super::calibrated;
use super::devices::Devices;
use crate::db::readings::list_sound;
use crate::db::slots::{DaySlot, list_slots, update_slots};
use crate::db::states::{Known, OpenDaySlot};
use crate::db::{Dialect, Tx};
use crate::error::Result;
use crate::zone;

/// Recomputes the slots that hold these moments. The raw rows of the batch must have been written.
pub(super) async fn recompute(
    tx: &mut Tx<'_>,
    dialect: Dialect,
    devices: &mut Devices,
    stale: &[(Serial, Timestamp)],
) -> Result<()> {
    let mut moments: BTreeMap<Serial, BTreeSet<Timestamp>> = BTreeMap::new();
    for (serial, at) in stale {
        moments.entry(*serial).or_default().insert(*at);
    }
    for (serial, moments) in moments {
        if let Some(known) = devices.get_mut(serial) {
            recompute_device(tx, dialect, known, &moments).await?;
        }
    }
    Ok(())
}

async fn recompute_device(
    tx: &mut Tx<'_>,
    dialect: Dialect,
    known: &mut Known,
    moments: &BTreeSet<Timestamp>,
) -> Result<()> {
    let mut done: Option<Slot> = None;
    for &at in moments {
        if done.is_some_and(|slot| slot.contains(at)) {
            continue;
        }
        let place = match known.state.open {
            Some(current) if current.open.slot.contains(at) => current.close(),
            _ => find_place(tx, known, at).await?,
        };
        let open = rebuild(tx, known, &place).await?;
        let rebuilt = OpenDaySlot { day: place.day, open };
        if known.state.open.is_some_and(|current| current.open.slot == place.slot) {
            known.state.open = Some(rebuilt);
        } else {
            update_slots(tx, dialect, &[(known.id, rebuilt.close())]).await?;
        }
        done = Some(place.slot);
    }
    Ok(())
}

/// The finished slot that holds a moment, or where it has to be made.
async fn find_place(tx: &mut Tx<'_>, known: &Known, at: Timestamp) -> Result<DaySlot> {
    let local = zone::slot_at(&zone::find_or_utc(&known.zone), at);
    let neighbours = list_slots(&mut **tx, known.id, local.slot.start, local.slot.end).await?;
    if let Some(existing) = neighbours.iter().find(|existing| existing.slot.contains(at)) {
        return Ok(*existing);
    }
    let open = known.state.open.map(|current| current.open.slot);
    let slot = between(
        local.slot,
        at,
        neighbours.iter().map(|neighbour| neighbour.slot).chain(open),
    );
    let rollup = OpenSlot::empty(slot, 0).rollup;
    Ok(DaySlot {
        slot,
        day: local.day,
        cap_ms: cap_ms(known.interval_s),
        rollup,
    })
}

/// Cuts a slot where others reach into it, as they do after a device has moved to another time zone: no moment may
/// belong to two slots.
fn between(slot: Slot, at: Timestamp, others: impl Iterator<Item = Slot>) -> Slot {
    others.fold(slot, |slot, other| {
        if other.end <= at {
            Slot {
                start: slot.start.max(other.end),
                ..slot
            }
        } else {
            Slot {
                end: slot.end.min(other.start),
                ..slot
            }
        }
    })
}

async fn rebuild(tx: &mut Tx<'_>, known: &Known, place: &DaySlot) -> Result<OpenSlot> {
    let Slot { start, end } = place.slot;
    let readings = list_sound(&mut **tx, known.id, start, end).await?;
    let calibrated = readings
        .into_iter()
        .map(|(at, raw)| (at, calibrated(raw, known.t_offset, known.h_offset)));
    Ok(OpenSlot::from_readings(place.slot, place.cap_ms, calibrated))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(start: i64, end: i64) -> Slot {
        Slot {
            start: Timestamp::from_millis(start),
            end: Timestamp::from_millis(end),
        }
    }

    #[test]
    fn a_new_slot_keeps_clear_of_both_neighbours() {
        let at = Timestamp::from_millis(150);
        let others = [slot(50, 120), slot(180, 300)];
        assert_eq!(between(slot(100, 200), at, others.into_iter()), slot(120, 180));
        assert_eq!(between(slot(100, 200), at, std::iter::empty()), slot(100, 200));
    }
}
