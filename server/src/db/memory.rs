//! Column `device_states.memory`: what the intake has to remember of a device from one reading to the next.

use domain::reading::Gate;
use domain::rollup::{Aggregate, Last, OpenSlot, Rollup, Slot, Tail};
use domain::time::Timestamp;
use jiff::civil::Date;

use super::pack::{Packer, Unpacker};
use super::states::{Extras, OpenDaySlot, State};
use crate::error::{Error, Result};

const VERSION: u8 = 1;
const WHAT: &str = "device_states.memory";

/// Packs the part of a state that has no column of its own.
pub(super) fn pack(state: &State) -> Vec<u8> {
    let mut packer = Packer::new(VERSION);
    packer.int(state.extras.light.map(i64::from));
    packer.int(state.extras.rssi.map(i64::from));
    packer.int(state.extras.bat.map(i64::from));
    packer.int(state.boot);
    packer.int(state.retimed_boot);
    pack_time(&mut packer, state.gate.last_at);
    packer.float(state.gate.last_t);
    pack_time(&mut packer, state.gate.suspect_at);
    packer.float(state.gate.suspect_t);
    pack_open(&mut packer, state.open.as_ref());
    packer.finish()
}

/// Completes a state.
pub(super) fn unpack(bytes: &[u8], state: &mut State) -> Result<()> {
    let mut unpacker = Unpacker::new(WHAT, bytes)?;
    if unpacker.version != VERSION {
        return Err(Error::Corrupt {
            what: WHAT,
            detail: format!("version {}", unpacker.version),
        });
    }
    state.extras = Extras {
        light: unpacker.int().and_then(|value| value.try_into().ok()),
        rssi: unpacker.int().and_then(|value| value.try_into().ok()),
        bat: unpacker.int().and_then(|value| value.try_into().ok()),
    };
    state.boot = unpacker.int();
    state.retimed_boot = unpacker.int();
    state.gate = Gate {
        last_at: unpack_time(&mut unpacker),
        last_t: unpacker.float(),
        suspect_at: unpack_time(&mut unpacker),
        suspect_t: unpacker.float(),
    };
    state.open = unpack_open(&mut unpacker);
    Ok(())
}

fn pack_open(packer: &mut Packer, open: Option<&OpenDaySlot>) {
    let slot = open.map(|open| open.open);
    packer.int(open.map(|open| pack_day(open.day)));
    pack_time(packer, slot.map(|slot| slot.slot.start));
    pack_time(packer, slot.map(|slot| slot.slot.end));
    packer.int(slot.map(|slot| slot.cap_ms));
    packer.int(slot.map(|slot| i64::from(slot.rollup.n)));
    packer.int(slot.map(|slot| slot.rollup.covered_ms));
    pack_aggregate(packer, slot.and_then(|slot| slot.rollup.t));
    pack_aggregate(packer, slot.and_then(|slot| slot.rollup.h));
    let tail = slot.and_then(|slot| slot.tail);
    pack_time(packer, tail.map(|tail| tail.at));
    pack_last(packer, tail.and_then(|tail| tail.t));
    pack_last(packer, tail.and_then(|tail| tail.h));
}

fn unpack_open(unpacker: &mut Unpacker<'_>) -> Option<OpenDaySlot> {
    let day = unpack_day(unpacker.int()?)?;
    let slot = Slot {
        start: unpack_time(unpacker)?,
        end: unpack_time(unpacker)?,
    };
    let cap_ms = unpacker.int()?;
    let rollup = Rollup {
        n: unpacker.int()?.try_into().ok()?,
        covered_ms: unpacker.int()?,
        t: unpack_aggregate(unpacker),
        h: unpack_aggregate(unpacker),
    };
    let at = unpack_time(unpacker);
    let (t, h) = (unpack_last(unpacker), unpack_last(unpacker));
    let tail = at.map(|at| Tail { at, t, h });
    Some(OpenDaySlot {
        day,
        open: OpenSlot {
            slot,
            cap_ms,
            rollup,
            tail,
        },
    })
}

fn pack_aggregate(packer: &mut Packer, aggregate: Option<Aggregate>) {
    packer.float(aggregate.map(|aggregate| aggregate.sum));
    packer.int(aggregate.map(|aggregate| aggregate.weight_ms));
    packer.float(aggregate.map(|aggregate| aggregate.min));
    packer.float(aggregate.map(|aggregate| aggregate.max));
}

fn unpack_aggregate(unpacker: &mut Unpacker<'_>) -> Option<Aggregate> {
    let (sum, weight_ms) = (unpacker.float(), unpacker.int());
    let (min, max) = (unpacker.float(), unpacker.float());
    Some(Aggregate {
        sum: sum?,
        weight_ms: weight_ms?,
        min: min?,
        max: max?,
    })
}

fn pack_last(packer: &mut Packer, last: Option<Last>) {
    pack_time(packer, last.map(|last| last.at));
    packer.float(last.map(|last| last.value));
    packer.float(last.map(|last| last.settled));
}

fn unpack_last(unpacker: &mut Unpacker<'_>) -> Option<Last> {
    let (at, value, settled) = (unpack_time(unpacker), unpacker.float(), unpacker.float());
    Some(Last {
        at: at?,
        value: value?,
        settled: settled?,
    })
}

fn pack_time(packer: &mut Packer, time: Option<Timestamp>) {
    packer.int(time.map(Timestamp::as_millis));
}

fn unpack_time(unpacker: &mut Unpacker<'_>) -> Option<Timestamp> {
    unpacker.int().map(Timestamp::from_millis)
}

/// A date as the number YYYYMMDD.
fn pack_day(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

fn unpack_day(day: i64) -> Option<Date> {
    let part = |value: i64| i8::try_from(value % 100).ok();
    Date::new(i16::try_from(day / 10_000).ok()?, part(day / 100)?, part(day)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::reading::Measured;

    fn unpacked(bytes: &[u8]) -> State {
        let mut state = State::default();
        unpack(bytes, &mut state).unwrap();
        state
    }

    #[test]
    fn a_full_memory_comes_back_bit_for_bit() {
        let at = Timestamp::from_millis;
        let mut open = OpenSlot::empty(
            Slot {
                start: at(0),
                end: at(7_200_000),
            },
            180_000,
        );
        open.append(at(1_000), Measured { t: Some(20.1), h: None }).unwrap();
        open.append(
            at(2_000),
            Measured {
                t: Some(20.3),
                h: Some(55.5),
            },
        )
        .unwrap();
        let state = State {
            extras: Extras {
                light: Some(4095),
                rssi: Some(-70),
                bat: Some(3),
            },
            boot: Some(12),
            retimed_boot: Some(-1),
            gate: Gate {
                last_at: Some(at(2_000)),
                last_t: Some(20.3),
                suspect_at: None,
                suspect_t: None,
            },
            open: Some(OpenDaySlot {
                day: jiff::civil::date(2026, 11, 20),
                open,
            }),
            ..State::default()
        };
        assert_eq!(unpacked(&pack(&state)), state);
    }

    #[test]
    fn an_empty_memory_stays_empty() {
        assert_eq!(unpacked(&pack(&State::default())), State::default());
    }

    #[test]
    fn a_memory_of_another_version_is_not_guessed_at() {
        let mut bytes = pack(&State::default());
        bytes[0] = VERSION + 1;
        assert!(unpack(&bytes, &mut State::default()).is_err());
    }
}
