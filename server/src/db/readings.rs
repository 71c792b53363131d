//! Table `readings`: every measurement as the device sent it, for as long as raw readings are kept.
//!
//! Values are raw. Calibration is added when they are shown and when they are rolled up.

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::reading::Measured;
use domain::time::Timestamp;
use sqlx::{Any, Executor};

use super::bulk::{Bulk, PerDialect, marks};
use super::{Db, DeviceId, Dialect, Tx};
use crate::error::Result;

/// What is special about a stored reading; a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(pub i64);

impl Flags {
    /// An ordinary reading.
    pub const NONE: Self = Self(0);
    /// The device had no clock: `at` is our receive time.
    pub const RECEIVED: Self = Self(1);
    /// The device's clock was absurd: `at` is our receive time.
    pub const DISTRUSTED: Self = Self(2);
    /// A newer reading was there before it.
    pub const LATE: Self = Self(4);
    /// No measurement: the sensor failed or lied.
    pub const FAULT: Self = Self(8);
    /// Too far from its neighbours, and no neighbour has agreed yet.
    pub const UNCONFIRMED: Self = Self(16);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any bit of `other` is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Whose.
    pub device: DeviceId,
    /// When it was measured.
    pub at: Timestamp,
    /// As sent.
    pub raw: Measured,
    /// What is special about it.
    pub flags: Flags,
}

static INSERT: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO readings (device_id, at, t, h, flags) VALUES ",
        &marks(5),
        "",
    )
});
static FIND: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let (head, tail) = dialect.pairs();
        let head = format!("SELECT device_id, at FROM readings WHERE (device_id, at) IN {head}");
        Bulk::new(&head, &marks(2), tail)
    })
});

static MEANS: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "SELECT device_id, at - at % ? AS bucket, AVG(t), AVG(h) FROM readings WHERE device_id IN (",
        "?",
        ") AND at >= ? AND at < ? AND flags & ? = 0 GROUP BY device_id, bucket ORDER BY device_id, bucket",
    )
});

/// Stores new rows. The caller holds the devices' state rows and has made sure that none of them exists.
pub async fn insert_readings(tx: &mut Tx<'_>, readings: &[Reading]) -> Result<()> {
    for (statement, rows) in INSERT.cut(readings) {
        let mut query = sqlx::query(statement);
        for row in rows {
            query = query
                .bind(row.device.0)
                .bind(row.at.as_millis())
                .bind(row.raw.t)
                .bind(row.raw.h)
                .bind(row.flags.0);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Which of these rows exist.
pub async fn find_stored(
    tx: &mut Tx<'_>,
    dialect: Dialect,
    keys: &[(DeviceId, Timestamp)],
) -> Result<HashSet<(DeviceId, Timestamp)>> {
    let mut stored = HashSet::new();
    for (statement, keys) in FIND.of(dialect).cut(keys) {
        let mut query = sqlx::query_as::<_, (i64, i64)>(statement);
        for (device, at) in keys {
            query = query.bind(device.0).bind(at.as_millis());
        }
        let rows = query.fetch_all(&mut **tx).await?;
        stored.extend(
            rows.into_iter()
                .map(|(device, at)| (DeviceId(device), Timestamp::from_millis(at))),
        );
    }
    Ok(stored)
}

/// Marks a suspect reading as sound after all.
pub async fn update_confirmed(tx: &mut Tx<'_>, device: DeviceId, at: Timestamp) -> Result<()> {
    sqlx::query("UPDATE readings SET flags = flags - ? WHERE device_id = ? AND at = ? AND flags & ? <> 0")
        .bind(Flags::UNCONFIRMED.0)
        .bind(device.0)
        .bind(at.as_millis())
        .bind(Flags::UNCONFIRMED.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The sound readings in `[from, to)`, oldest first. Takes a transaction or a pool.
pub async fn list_sound<'e>(
    executor: impl Executor<'e, Database = Any>,
    device: DeviceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Measured)>> {
    let rows: Vec<(i64, Option<f64>, Option<f64>)> = sqlx::query_as(
        "SELECT at, t, h FROM readings WHERE device_id = ? AND at >= ? AND at < ? AND flags & ? = 0 ORDER BY at",
    )
    .bind(device.0)
    .bind(from.as_millis())
    .bind(to.as_millis())
    .bind(Flags::FAULT.and(Flags::UNCONFIRMED).0)
    .fetch_all(executor)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(at, t, h)| (Timestamp::from_millis(at), Measured { t, h }))
        .collect())
}

/// All readings in `[from, to)`, oldest first; `None` where the gate refused one or waits for its witness.
pub async fn list_judged(
    db: &Db,
    device: DeviceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Option<Measured>)>> {
    let rows: Vec<(i64, Option<f64>, Option<f64>, i64)> =
        sqlx::query_as("SELECT at, t, h, flags FROM readings WHERE device_id = ? AND at >= ? AND at < ? ORDER BY at")
            .bind(device.0)
            .bind(from.as_millis())
            .bind(to.as_millis())
            .fetch_all(db.pool())
            .await?;
    let judged = |(at, t, h, flags)| {
        let is_sound = !Flags(flags).has(Flags::FAULT.and(Flags::UNCONFIRMED));
        (Timestamp::from_millis(at), is_sound.then_some(Measured { t, h }))
    };
    Ok(rows.into_iter().map(judged).collect())
}

/// The plain means of the sound values in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// Whose.
    pub device: DeviceId,
    /// Where the stretch begins.
    pub start: Timestamp,
    /// As sent.
    pub raw: Measured,
}

/// The means of every `bucket_ms` of `[from, to)` in which these devices measured anything, in order of time.
pub async fn list_means(
    db: &Db,
    devices: &[DeviceId],
    (from, to): (Timestamp, Timestamp),
    bucket_ms: i64,
) -> Result<Vec<Mean>> {
    let mut means = Vec::new();
    for (statement, devices) in MEANS.cut(devices) {
        let mut query = sqlx::query_as::<_, (i64, i64, Option<f64>, Option<f64>)>(statement).bind(bucket_ms);
        for device in devices {
            query = query.bind(device.0);
        }
        let query = query.bind(from.as_millis()).bind(to.as_millis());
        let rows = query
            .bind(Flags::FAULT.and(Flags::UNCONFIRMED).0)
            .fetch_all(db.pool())
            .await?;
        means.extend(rows.into_iter().map(|(device, start, t, h)| Mean {
            device: DeviceId(device),
            start: Timestamp::from_millis(start),
            raw: Measured { t, h },
        }));
    }
    Ok(means)
}

/// Deletes up to `limit` of a device's readings before `cutoff`, the oldest first, and says how many.
pub async fn delete_readings_before(db: &Db, device: DeviceId, cutoff: Timestamp, limit: u32) -> Result<u64> {
    // DELETE … LIMIT is not in SQLite's default build: find where the step ends, then delete a range.
    let end: Option<i64> =
        sqlx::query_scalar("SELECT at FROM readings WHERE device_id = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?")
            .bind(device.0)
            .bind(cutoff.as_millis())
            .bind(i64::from(limit))
            .fetch_optional(db.pool())
            .await?;
    let done = sqlx::query("DELETE FROM readings WHERE device_id = ? AND at < ?")
        .bind(device.0)
        .bind(end.unwrap_or(cutoff.as_millis()))
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}
