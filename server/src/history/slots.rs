//! The slots of a stretch of days, the open one included.

use domain::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::db::devices::Device;
use crate::db::slots::{DaySlot, list_slots};
use crate::db::states::find_state;
use crate::db::{Db, DeviceId};
use crate::error::Result;
use crate::zone;

/// A slot keeps the date it had where the device was then; nowhere on Earth do dates differ by more.
pub(super) const FARTHEST_ZONES_MS: i64 = 26 * 3_600_000;

/// The slots that belong to the local days `from` to `to`, both included, in order. Slots without readings are not there.
pub async fn day_slots(db: &Db, device: &Device, from: Date, to: Date) -> Result<Vec<DaySlot>> {
    let zone = zone::find_or_utc(&device.zone);
    let (start, end) = widest_span(&zone, from, to);
    let mut slots = all_slots(db, device.id, start, end).await?;
    slots.retain(|slot| (from..=to).contains(&slot.day));
    Ok(slots)
}

fn widest_span(zone: &TimeZone, from: Date, to: Date) -> (Timestamp, Timestamp) {
    let start = zone::start_of(zone, from).plus_millis(-FARTHEST_ZONES_MS);
    (start, zone::span_of(zone, to).end.plus_millis(FARTHEST_ZONES_MS))
}

async fn all_slots(db: &Db, device: DeviceId, start: Timestamp, end: Timestamp) -> Result<Vec<DaySlot>> {
    // The state first: a slot that ends in between is then seen twice, and not missed.
    let open = find_state(db, device)
        .await?
        .and_then(|state| state.open)
        .map(|open| open.close());
    let mut slots = list_slots(db.pool(), device, start, end).await?;
    if let Some(open) = open
        && open.slot.start < end
        && open.slot.end > start
        && slots.iter().all(|slot| slot.slot.start != open.slot.start)
    {
        slots.push(open);
    }
    Ok(slots)
}
