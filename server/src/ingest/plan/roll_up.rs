//! Adds a sound reading to its slot, or says that the slot must be computed anew.
//!
//! In order is the rule, and costs a few additions. Everything else — a late reading, a confirmed suspect, a changed
//! interval — names the slot as stale; it is then computed from the raw rows, which are kept longer than a late
//! reading is believed.

use domain::reading::Measured;
use domain::rollup::{OpenSlot, Slot, cap_ms};
use domain::time::Timestamp;

use super::Writes;
use crate::db::states::{Known, OpenDaySlot};
use crate::ingest::calibrated;
use crate::zone;

/// Adds a sound reading.
pub(super) fn add(known: &mut Known, at: Timestamp, raw: Measured, writes: &mut Writes) {
    if raw.t.is_none() && raw.h.is_none() {
        return;
    }
    follow_interval(known, writes);
    let measured = calibrated(raw, known.t_offset, known.h_offset);
    match &mut known.state.open {
        Some(current) if at < current.open.slot.end => {
            if current.open.append(at, measured).is_err() {
                writes.stale.push((known.serial, at));
            }
        }
        _ => begin_slot(known, at, measured, writes),
    }
}

/// The cap on a reading's weight follows the interval, for the whole of the open slot.
pub(super) fn follow_interval(known: &mut Known, writes: &mut Writes) {
    let cap_ms = cap_ms(known.interval_s);
    if let Some(current) = &mut known.state.open
        && current.open.cap_ms != cap_ms
    {
        current.open.cap_ms = cap_ms;
        writes.stale.push((known.serial, current.open.slot.start));
    }
}

fn begin_slot(known: &mut Known, at: Timestamp, measured: Measured, writes: &mut Writes) {
    let before = known.state.open.take();
    let local = zone::slot_at(&zone::find_or_utc(&known.zone), at);
    // Only after the device has moved to another time zone can the last slot reach into this one.
    let start = before.map_or(local.slot.start, |before| local.slot.start.max(before.open.slot.end));
    let mut open = OpenSlot::empty(
        Slot {
            start,
            end: local.slot.end,
        },
        cap_ms(known.interval_s),
    );
    if open.append(at, measured).is_err() {
        writes.stale.push((known.serial, at));
    }
    writes.closed.extend(before.map(|before| (known.id, before.close())));
    known.state.open = Some(OpenDaySlot { day: local.day, open });
}
