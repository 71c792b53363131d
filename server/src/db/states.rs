//! Table `device_states`: what a device last said, and the slot it is filling. One row per device.
//!
//! The open slot lives here and not in `slots` because both change with every reading: one row to write instead of
//! two, and rows of 10,000 devices side by side instead of scattered through years of slots.

use std::sync::LazyLock;

use domain::reading::Gate;
use domain::rollup::{Last, OpenSlot, Rollup, Slot, Tail};
use domain::serial::Serial;
use domain::time::Timestamp;
use jiff::civil::Date;

use super::bulk::{Bulk, marks};
use super::columns::{AnyQuery, Columns, bind_aggregate, bind_time};
use super::devices::parse_serial;
use super::slots::{DaySlot, parse_day};
use super::{Db, DeviceId, Dialect, Tx};
use crate::error::Result;

/// The newest reading that may be shown, as the device sent it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newest {
    /// When it was measured.
    pub at: Timestamp,
    /// Temperature, °C, not yet calibrated.
    pub t: Option<f64>,
    /// Humidity, %RH, not yet calibrated.
    pub h: Option<f64>,
}

/// What a device sends beside its readings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extras {
    /// Light, 0–4095.
    pub light: Option<u16>,
    /// Signal strength, dBm.
    pub rssi: Option<i16>,
    /// Battery, %.
    pub bat: Option<u8>,
}

/// The slot a device is filling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OpenDaySlot {
    /// The local date it belongs to.
    pub day: Date,
    /// The sums so far.
    pub open: OpenSlot,
}

impl OpenDaySlot {
    /// As it would be stored if it ended now.
    pub const fn close(&self) -> DaySlot {
        DaySlot {
            slot: self.open.slot,
            day: self.day,
            cap_ms: self.open.cap_ms,
            rollup: self.open.rollup,
        }
    }
}

/// The row, without its key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Greatest time of any stored reading, faults included.
    pub max_at: Option<Timestamp>,
    /// The newest reading that may be shown.
    pub now: Option<Newest>,
    /// What came with it.
    pub extras: Extras,
    /// When anything was last heard.
    pub seen_at: Option<Timestamp>,
    /// When the broker said that the device is gone; `None` while it is connected.
    pub will_at: Option<Timestamp>,
    /// Boot counter of the newest reading.
    pub boot: Option<i64>,
    /// Greatest boot counter of any reading stored under our receive time; −1 for readings without a name.
    pub retimed_boot: Option<i64>,
    /// Memory of the sensor-fault gate.
    pub gate: Gate,
    /// The slot being filled.
    pub open: Option<OpenDaySlot>,
}

/// What the intake needs to know of a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Row number.
    pub id: DeviceId,
    /// The number on its sticker.
    pub serial: Serial,
    /// IANA time zone of its days.
    pub zone: String,
    /// Seconds between its readings.
    pub interval_s: u32,
    /// Added to the temperatures it sends, °C.
    pub t_offset: f64,
    /// Added to the humidities it sends, %RH.
    pub h_offset: f64,
    /// Version of its firmware.
    pub fw: Option<String>,
    /// What it last said.
    pub state: State,
}

const STATE_COLUMNS: &str = "max_at, now_at, now_t, now_h, light, rssi, bat, seen_at, will_at, boot, retimed_boot, \
    gate_last_at, gate_last_t, gate_suspect_at, gate_suspect_t, \
    open_start, open_end, open_day, open_cap_ms, open_n, open_covered_ms, \
    open_t_sum, open_t_weight_ms, open_t_min, open_t_max, open_h_sum, open_h_weight_ms, open_h_min, open_h_max, \
    tail_at, tail_t_at, tail_t, tail_t_settled, tail_h_at, tail_h, tail_h_settled";

static REPLACE: LazyLock<Bulk> = LazyLock::new(|| {
    let columns = 1 + STATE_COLUMNS.split(',').count();
    Bulk::new(
        &format!("REPLACE INTO device_states (device_id, {STATE_COLUMNS}) VALUES "),
        &marks(columns),
        "",
    )
});
static LOCK_SQLITE: LazyLock<Bulk> = LazyLock::new(|| lock_statement(Dialect::Sqlite));
static LOCK_MARIADB: LazyLock<Bulk> = LazyLock::new(|| lock_statement(Dialect::MariaDb));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {STATE_COLUMNS} FROM device_states WHERE device_id = ?"));

fn lock_statement(dialect: Dialect) -> Bulk {
    let head = format!(
        "SELECT d.id, d.serial, d.zone, d.interval_s, d.t_offset, d.h_offset, d.fw, {STATE_COLUMNS} \
         FROM devices d JOIN device_states s ON s.device_id = d.id WHERE d.serial IN ("
    );
    Bulk::new(&head, "?", &format!("){}", dialect.for_update()))
}

/// Reads the devices with these serials and keeps everybody else from writing their readings until the transaction
/// ends. Serials that do not exist are left out. Sort them, so that two writers never wait for each other.
pub async fn lock_known(tx: &mut Tx<'_>, dialect: Dialect, serials: &[Serial]) -> Result<Vec<Known>> {
    let bulk = match dialect {
        Dialect::Sqlite => &LOCK_SQLITE,
        Dialect::MariaDb => &LOCK_MARIADB,
    };
    let mut known = Vec::with_capacity(serials.len());
    for (statement, serials) in bulk.cut(serials) {
        let mut query = sqlx::query(statement);
        for serial in serials {
            query = query.bind(serial.as_str().to_owned());
        }
        for row in query.fetch_all(&mut **tx).await? {
            known.push(read_known(&mut Columns::of(&row))?);
        }
    }
    Ok(known)
}

/// What a device last said.
pub async fn find_state(db: &Db, device: DeviceId) -> Result<Option<State>> {
    let row = sqlx::query(FIND.as_str())
        .bind(device.0)
        .fetch_optional(db.pool())
        .await?;
    row.map(|row| read_state(&mut Columns::of(&row))).transpose()
}

/// Stores states over the ones that were read by [`lock_known`].
pub async fn update_states(tx: &mut Tx<'_>, states: &[(DeviceId, &State)]) -> Result<()> {
    for (statement, rows) in REPLACE.cut(states) {
        let mut query = sqlx::query(statement);
        for (device, state) in rows {
            query = bind_open(bind_head(query.bind(device.0), state), state.open.as_ref());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

fn read_known(columns: &mut Columns<'_>) -> Result<Known> {
    Ok(Known {
        id: DeviceId(columns.take()?),
        serial: parse_serial(&columns.take::<String>()?)?,
        zone: columns.take()?,
        interval_s: u32::try_from(columns.take::<i64>()?).unwrap_or(u32::MAX),
        t_offset: columns.take()?,
        h_offset: columns.take()?,
        fw: columns.take()?,
        state: read_state(columns)?,
    })
}

fn read_state(columns: &mut Columns<'_>) -> Result<State> {
    let max_at = columns.time()?;
    let (now_at, t, h) = (columns.time()?, columns.take()?, columns.take()?);
    let (light, rssi, bat): (Option<i64>, Option<i64>, Option<i64>) =
        (columns.take()?, columns.take()?, columns.take()?);
    Ok(State {
        max_at,
        now: now_at.map(|at| Newest { at, t, h }),
        extras: Extras {
            light: light.and_then(|value| value.try_into().ok()),
            rssi: rssi.and_then(|value| value.try_into().ok()),
            bat: bat.and_then(|value| value.try_into().ok()),
        },
        seen_at: columns.time()?,
        will_at: columns.time()?,
        boot: columns.take()?,
        retimed_boot: columns.take()?,
        gate: Gate {
            last_at: columns.time()?,
            last_t: columns.take()?,
            suspect_at: columns.time()?,
            suspect_t: columns.take()?,
        },
        open: read_open(columns)?,
    })
}

fn read_open(columns: &mut Columns<'_>) -> Result<Option<OpenDaySlot>> {
    let (start, end) = (columns.time()?, columns.time()?);
    let (day, cap_ms): (Option<String>, Option<i64>) = (columns.take()?, columns.take()?);
    let (n, covered_ms): (Option<i64>, Option<i64>) = (columns.take()?, columns.take()?);
    let (t, h) = (columns.aggregate()?, columns.aggregate()?);
    let tail_at = columns.time()?;
    let (tail_t, tail_h) = (read_last(columns)?, read_last(columns)?);
    let (Some(start), Some(end), Some(day)) = (start, end, day) else {
        return Ok(None);
    };
    Ok(Some(OpenDaySlot {
        day: parse_day(&day)?,
        open: OpenSlot {
            slot: Slot { start, end },
            cap_ms: cap_ms.unwrap_or_default(),
            rollup: Rollup {
                n: n.and_then(|n| n.try_into().ok()).unwrap_or_default(),
                covered_ms: covered_ms.unwrap_or_default(),
                t,
                h,
            },
            tail: tail_at.map(|at| Tail {
                at,
                t: tail_t,
                h: tail_h,
            }),
        },
    }))
}

fn read_last(columns: &mut Columns<'_>) -> Result<Option<Last>> {
    let at = columns.time()?;
    let (value, settled): (Option<f64>, Option<f64>) = (columns.take()?, columns.take()?);
    Ok((|| {
        Some(Last {
            at: at?,
            value: value?,
            settled: settled?,
        })
    })())
}

fn bind_head<'q>(query: AnyQuery<'q>, state: &State) -> AnyQuery<'q> {
    let query = bind_time(query, state.max_at);
    let query = bind_time(query, state.now.map(|now| now.at))
        .bind(state.now.and_then(|now| now.t))
        .bind(state.now.and_then(|now| now.h))
        .bind(state.extras.light.map(i64::from))
        .bind(state.extras.rssi.map(i64::from))
        .bind(state.extras.bat.map(i64::from));
    let query = bind_time(bind_time(query, state.seen_at), state.will_at)
        .bind(state.boot)
        .bind(state.retimed_boot);
    let query = bind_time(query, state.gate.last_at).bind(state.gate.last_t);
    bind_time(query, state.gate.suspect_at).bind(state.gate.suspect_t)
}

fn bind_open<'q>(query: AnyQuery<'q>, open: Option<&OpenDaySlot>) -> AnyQuery<'q> {
    let slot = open.map(|open| open.open);
    let query = bind_time(query, slot.map(|slot| slot.slot.start));
    let query = bind_time(query, slot.map(|slot| slot.slot.end))
        .bind(open.map(|open| open.day.to_string()))
        .bind(slot.map(|slot| slot.cap_ms))
        .bind(slot.map(|slot| i64::from(slot.rollup.n)))
        .bind(slot.map(|slot| slot.rollup.covered_ms));
    let query = bind_aggregate(query, slot.and_then(|slot| slot.rollup.t));
    let query = bind_aggregate(query, slot.and_then(|slot| slot.rollup.h));
    let tail = slot.and_then(|slot| slot.tail);
    let query = bind_time(query, tail.map(|tail| tail.at));
    bind_last(
        bind_last(query, tail.and_then(|tail| tail.t)),
        tail.and_then(|tail| tail.h),
    )
}

fn bind_last(query: AnyQuery<'_>, last: Option<Last>) -> AnyQuery<'_> {
    bind_time(query, last.map(|last| last.at))
        .bind(last.map(|last| last.value))
        .bind(last.map(|last| last.settled))
}
