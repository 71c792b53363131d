//! Table `device_states`: what a device last said, and the slot it is filling. One row per device.
//!
//! The open slot lives here and not in `slots` because both change with every reading: one row to write instead of
//! two, and rows of 10,000 devices side by side instead of scattered through years of slots.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::reading::Gate;
use domain::rollup::OpenSlot;
use domain::serial::Serial;
use domain::time::Timestamp;
use jiff::civil::Date;

use super::bulk::{Bulk, PerDialect, marks};
use super::columns::{AnyQuery, Columns, bind_time};
use super::devices::parse_serial;
use super::rule_states::{Watched, list_watched};
use super::slots::DaySlot;
use super::{Db, DeviceId, Dialect, HouseholdId, Tx, memory};
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

/// What several devices last said.
pub type States = HashMap<DeviceId, State>;

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
    /// The household that has it; what others measure is nobody's business.
    pub household: Option<HouseholdId>,
    /// When it left its last household: what it measured before is not for the next one.
    pub cut_at: Option<Timestamp>,
    /// What it last said.
    pub state: State,
    /// What its people want to be told, in the order in which they asked for it.
    pub rules: Vec<Watched>,
}

const COLUMNS: [&str; 8] = [
    "device_id",
    "max_at",
    "now_at",
    "now_t",
    "now_h",
    "seen_at",
    "will_at",
    "memory",
];

static OVERWRITE: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let (head, tail) = dialect.overwrite("device_states", &COLUMNS, 1);
        Bulk::new(&head, &marks(COLUMNS.len()), &tail)
    })
});
static LOCK: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let columns = COLUMNS[1..].join(", ");
        let head = format!(
            "SELECT d.id, d.serial, d.zone, d.interval_s, d.t_offset, d.h_offset, d.fw, d.household_id, d.cut_at, \
             d.watched, {columns} \
             FROM devices d JOIN device_states s ON s.device_id = d.id WHERE d.id IN ("
        );
        Bulk::new(&head, "?", &format!("){}", dialect.for_update()))
    })
});
static LIST: LazyLock<Bulk> = LazyLock::new(|| {
    let head = format!("SELECT {} FROM device_states WHERE device_id IN (", COLUMNS.join(", "));
    Bulk::new(&head, "?", ")")
});

/// Reads these devices and keeps everybody else from writing their readings until the transaction ends. Those that do
/// not exist are left out. Sort the numbers, so that two writers never wait for each other.
pub async fn lock_known(tx: &mut Tx<'_>, dialect: Dialect, devices: &[DeviceId]) -> Result<Vec<Known>> {
    let mut known = Vec::with_capacity(devices.len());
    let mut watched = Vec::new();
    for (statement, devices) in LOCK.of(dialect).cut(devices) {
        let mut query = sqlx::query(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        for row in query.fetch_all(&mut **tx).await? {
            let (device, is_watched) = read_known(&mut Columns::of(&row))?;
            watched.extend(is_watched.then_some(device.id));
            known.push(device);
        }
    }
    if watched.is_empty() {
        return Ok(known);
    }
    let mut rules: HashMap<DeviceId, Vec<Watched>> = HashMap::new();
    for (id, rule) in list_watched(tx, &watched).await? {
        rules.entry(id).or_default().push(rule);
    }
    for device in &mut known {
        device.rules = rules.remove(&device.id).unwrap_or_default();
    }
    Ok(known)
}

/// What a device last said.
pub async fn find_state(db: &Db, device: DeviceId) -> Result<Option<State>> {
    Ok(list_states(db, &[device]).await?.remove(&device))
}

/// What these devices last said; those that do not exist are left out.
pub async fn list_states(db: &Db, devices: &[DeviceId]) -> Result<States> {
    let mut states = States::with_capacity(devices.len());
    for (statement, devices) in LIST.cut(devices) {
        let mut query = sqlx::query(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        for row in query.fetch_all(db.pool()).await? {
            let mut columns = Columns::of(&row);
            states.insert(DeviceId(columns.take()?), read_state(&mut columns)?);
        }
    }
    Ok(states)
}

/// Stores states over the ones that were read by [`lock_known`].
pub async fn update_states(tx: &mut Tx<'_>, dialect: Dialect, states: &[(DeviceId, &State)]) -> Result<()> {
    for (statement, rows) in OVERWRITE.of(dialect).cut(states) {
        let mut query = sqlx::query(statement);
        for (device, state) in rows {
            query = bind_state(query.bind(device.0), state);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Forgets everything a device has said.
pub async fn delete_state(tx: &mut Tx<'_>, dialect: Dialect, device: DeviceId) -> Result<()> {
    update_states(tx, dialect, &[(device, &State::default())]).await
}

/// The device, and whether it has rules.
fn read_known(columns: &mut Columns<'_>) -> Result<(Known, bool)> {
    let mut known = Known {
        id: DeviceId(columns.take()?),
        serial: parse_serial(&columns.take::<String>()?)?,
        zone: columns.take()?,
        interval_s: u32::try_from(columns.take::<i64>()?).unwrap_or(u32::MAX),
        t_offset: columns.take()?,
        h_offset: columns.take()?,
        fw: columns.take()?,
        household: columns.take::<Option<i64>>()?.map(HouseholdId),
        cut_at: columns.time()?,
        state: State::default(),
        rules: Vec::new(),
    };
    let is_watched = columns.take::<i64>()? != 0;
    known.state = read_state(columns)?;
    Ok((known, is_watched))
}

fn read_state(columns: &mut Columns<'_>) -> Result<State> {
    let max_at = columns.time()?;
    let (now_at, t, h) = (columns.time()?, columns.take()?, columns.take()?);
    let mut state = State {
        max_at,
        now: now_at.map(|at| Newest { at, t, h }),
        seen_at: columns.time()?,
        will_at: columns.time()?,
        ..State::default()
    };
    if let Some(memory) = columns.take::<Option<Vec<u8>>>()? {
        memory::unpack(&memory, &mut state)?;
    }
    Ok(state)
}

fn bind_state<'q>(query: AnyQuery<'q>, state: &State) -> AnyQuery<'q> {
    let query = bind_time(query, state.max_at);
    let query = bind_time(query, state.now.map(|now| now.at))
        .bind(state.now.and_then(|now| now.t))
        .bind(state.now.and_then(|now| now.h));
    bind_time(bind_time(query, state.seen_at), state.will_at).bind(memory::pack(state))
}
