//! How much of the store a device takes, and how large the store is.

use super::{Db, DeviceId, Dialect};
use crate::error::Result;

/// What a row takes with its key and its part of half-full pages; measured on stores of some hundred thousand rows.
const READING_BYTES: u64 = 40;
const SLOT_BYTES: u64 = 100;

/// Rows of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Raw readings, which are deleted after a while.
    pub readings: u64,
    /// Finished slots, which stay.
    pub slots: u64,
}

impl Usage {
    /// About what these rows take on disk.
    pub const fn bytes(self) -> u64 {
        self.readings * READING_BYTES + self.slots * SLOT_BYTES
    }
}

/// What a device has in the store.
pub async fn find_usage(db: &Db, device: DeviceId) -> Result<Usage> {
    let (readings, slots): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM readings WHERE device_id = ?), (SELECT COUNT(*) FROM slots WHERE device_id = ?)",
    )
    .bind(device.0)
    .bind(device.0)
    .fetch_one(db.pool())
    .await?;
    Ok(Usage {
        readings: count(readings),
        slots: count(slots),
    })
}

/// A device and what it has in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Whose.
    pub serial: String,
    /// How much.
    pub usage: Usage,
}

/// The devices with the most raw readings. Reads one index as a whole.
pub async fn list_heaviest(db: &Db, limit: u32) -> Result<Vec<Weight>> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT d.serial, heavy.readings, (SELECT COUNT(*) FROM slots WHERE slots.device_id = heavy.device_id) \
         FROM (SELECT device_id, COUNT(*) AS readings FROM readings GROUP BY device_id ORDER BY readings DESC LIMIT ?) heavy \
         JOIN devices d ON d.id = heavy.device_id ORDER BY heavy.readings DESC, d.serial",
    )
    .bind(i64::from(limit))
    .fetch_all(db.pool())
    .await?;
    Ok(rows
        .into_iter()
        .map(|(serial, readings, slots)| Weight {
            serial,
            usage: Usage {
                readings: count(readings),
                slots: count(slots),
            },
        })
        .collect())
}

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// The size of the whole store, bytes. MariaDB estimates it.
pub async fn find_store_bytes(db: &Db) -> Result<u64> {
    let sql = match db.dialect() {
        Dialect::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Dialect::MariaDb => {
            "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED) FROM information_schema.tables \
             WHERE table_schema = DATABASE()"
        }
    };
    let bytes: i64 = sqlx::query_scalar(sql).fetch_one(db.pool()).await?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}
