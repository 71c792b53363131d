//! Table `slots`: finished 2-hour slots. The slot a device is filling is in [`super::states`] until the next one begins.

use std::sync::LazyLock;

use domain::rollup::{Rollup, Slot};
use domain::time::Timestamp;
use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::bulk::{Bulk, PerDialect, marks};
use super::columns::{AnyQuery, Columns, bind_aggregate};
use super::{Db, DeviceId, Dialect, Tx};
use crate::error::{Error, Result};

/// A stretch of a local day and what was measured in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DaySlot {
    /// From when to when.
    pub slot: Slot,
    /// The local date it belongs to.
    pub day: Date,
    /// The most a single reading weighs, ms.
    pub cap_ms: i64,
    /// Calibrated values.
    pub rollup: Rollup,
}

const COLUMNS: [&str; 15] = [
    "device_id",
    "start_at",
    "end_at",
    "day",
    "cap_ms",
    "n",
    "covered_ms",
    "t_sum",
    "t_weight_ms",
    "t_min",
    "t_max",
    "h_sum",
    "h_weight_ms",
    "h_min",
    "h_max",
];

static OVERWRITE: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let (head, tail) = dialect.overwrite("slots", &COLUMNS, 2);
        Bulk::new(&head, &marks(COLUMNS.len()), &tail)
    })
});

/// What the finished slots of one local day of one device add up to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DaySum {
    /// Whose.
    pub device: DeviceId,
    /// The local date.
    pub day: Date,
    /// Start of the last slot in it.
    pub last_start: Timestamp,
    /// Calibrated values.
    pub rollup: Rollup,
}

// A sum of whole numbers is a DECIMAL in MariaDB; SQLite takes the unknown type for "as it is".
static SUM: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT device_id, day, MAX(start_at), CAST(SUM(n) AS SIGNED), CAST(SUM(covered_ms) AS SIGNED), \
         SUM(t_sum), CAST(SUM(t_weight_ms) AS SIGNED), MIN(t_min), MAX(t_max), \
         SUM(h_sum), CAST(SUM(h_weight_ms) AS SIGNED), MIN(h_min), MAX(h_max) \
         FROM slots WHERE device_id IN (",
        "?",
        ") AND start_at >= ? AND start_at < ? AND day >= ? AND day <= ? GROUP BY device_id, day",
    )
});

/// Stores slots, in place of those with the same start.
pub async fn update_slots(tx: &mut Tx<'_>, dialect: Dialect, slots: &[(DeviceId, DaySlot)]) -> Result<()> {
    for (statement, rows) in OVERWRITE.of(dialect).cut(slots) {
        let mut query = sqlx::query(statement);
        for (device, slot) in rows {
            query = bind(query, *device, slot);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// The finished slots that overlap `[from, to)`, in order. Takes a transaction or a pool.
pub async fn list_slots<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Any>,
    device: DeviceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<DaySlot>> {
    // Slots are disjoint and short, so that a start a little before `from` finds every one that reaches into it.
    let rows = sqlx::query(
        "SELECT start_at, end_at, day, cap_ms, n, covered_ms, t_sum, t_weight_ms, t_min, t_max, \
         h_sum, h_weight_ms, h_min, h_max FROM slots \
         WHERE device_id = ? AND start_at >= ? AND start_at < ? AND end_at > ? ORDER BY start_at",
    )
    .bind(device.0)
    .bind(from.plus_millis(-LONGEST_SLOT_MS).as_millis())
    .bind(to.as_millis())
    .bind(from.as_millis())
    .fetch_all(executor)
    .await?;
    rows.iter().map(read).collect()
}

/// What the finished slots of the local days `from` to `to`, both included, add up to, in no order. `[start, end)` must
/// hold all of these days, wherever on Earth the devices were; it is what the index finds them by.
pub async fn list_day_sums(
    db: &Db,
    devices: &[DeviceId],
    (start, end): (Timestamp, Timestamp),
    (from, to): (Date, Date),
) -> Result<Vec<DaySum>> {
    let mut sums = Vec::new();
    for (statement, devices) in SUM.cut(devices) {
        let mut query = sqlx::query(statement);
        for device in devices {
            query = query.bind(device.0);
        }
        let query = query.bind(start.as_millis()).bind(end.as_millis());
        let rows = query
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(db.pool())
            .await?;
        for row in rows {
            sums.push(read_sum(&mut Columns::of(&row))?);
        }
    }
    Ok(sums)
}

/// The local date of a device's first finished slot.
pub async fn find_first_day(db: &Db, device: DeviceId) -> Result<Option<Date>> {
    let day: Option<String> = sqlx::query_scalar("SELECT day FROM slots WHERE device_id = ? ORDER BY start_at LIMIT 1")
        .bind(device.0)
        .fetch_optional(db.pool())
        .await?;
    day.as_deref().map(parse_day).transpose()
}

/// No zone has ever turned its clocks by more than a day.
const LONGEST_SLOT_MS: i64 = 26 * 3_600_000;

fn read(row: &AnyRow) -> Result<DaySlot> {
    let mut columns = Columns::of(row);
    let (start, end) = (columns.take()?, columns.take()?);
    Ok(DaySlot {
        slot: Slot {
            start: Timestamp::from_millis(start),
            end: Timestamp::from_millis(end),
        },
        day: parse_day(&columns.take::<String>()?)?,
        cap_ms: columns.take()?,
        rollup: read_rollup(&mut columns)?,
    })
}

fn read_sum(columns: &mut Columns<'_>) -> Result<DaySum> {
    Ok(DaySum {
        device: DeviceId(columns.take()?),
        day: parse_day(&columns.take::<String>()?)?,
        last_start: Timestamp::from_millis(columns.take()?),
        rollup: read_rollup(columns)?,
    })
}

fn read_rollup(columns: &mut Columns<'_>) -> Result<Rollup> {
    Ok(Rollup {
        n: u32::try_from(columns.take::<i64>()?).unwrap_or(u32::MAX),
        covered_ms: columns.take()?,
        t: columns.aggregate()?,
        h: columns.aggregate()?,
    })
}

fn bind<'q>(query: AnyQuery<'q>, device: DeviceId, slot: &DaySlot) -> AnyQuery<'q> {
    let query = query
        .bind(device.0)
        .bind(slot.slot.start.as_millis())
        .bind(slot.slot.end.as_millis())
        .bind(slot.day.to_string())
        .bind(slot.cap_ms)
        .bind(i64::from(slot.rollup.n))
        .bind(slot.rollup.covered_ms);
    bind_aggregate(bind_aggregate(query, slot.rollup.t), slot.rollup.h)
}

fn parse_day(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::Corrupt {
        what: "day",
        detail: text.to_owned(),
    })
}
