//! Table `devices`, as the shop sees it: nothing of the homes they are in.

use domain::serial::Serial;
use domain::time::Timestamp;
use sqlx::FromRow;

use super::Db;
use super::devices::parse_serial;
use crate::error::Result;

/// A product that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// The number on its sticker.
    pub serial: Serial,
    /// What it is.
    pub model: String,
    /// When it was made.
    pub sold_at: Timestamp,
    /// When somebody claimed it; `None`: nobody has it.
    pub claimed_at: Option<Timestamp>,
    /// Version of its firmware.
    pub fw: Option<String>,
    /// Whether a broker outside has not yet confirmed its credentials.
    pub pending: bool,
}

#[derive(FromRow)]
struct Row {
    serial: String,
    model: String,
    sold_at: i64,
    household_id: Option<i64>,
    claimed_at: Option<i64>,
    fw: Option<String>,
    pending: i64,
}

impl TryFrom<Row> for Sale {
    type Error = crate::error::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            serial: parse_serial(&row.serial)?,
            model: row.model,
            sold_at: Timestamp::from_millis(row.sold_at),
            claimed_at: row
                .household_id
                .and(row.claimed_at.or(Some(row.sold_at)))
                .map(Timestamp::from_millis),
            fw: row.fw,
            pending: row.pending != 0,
        })
    }
}

/// The product with this serial.
pub async fn find_sale(db: &Db, serial: Serial) -> Result<Option<Sale>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT serial, model, sold_at, household_id, claimed_at, fw, pending FROM devices WHERE serial = ?",
    )
    .bind(serial.as_str().to_owned())
    .fetch_optional(db.pool())
    .await?;
    row.map(Sale::try_from).transpose()
}

/// Products whose serial holds `part` (upper case), the newest first: `limit` of them after `skip`.
pub async fn list_sales(db: &Db, part: &str, limit: u32, skip: u32) -> Result<Vec<Sale>> {
    // Serials hold none of the characters that mean something in a pattern, and other letters are in none of them.
    let part: String = part
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT serial, model, sold_at, household_id, claimed_at, fw, pending FROM devices \
         WHERE serial LIKE ? ORDER BY id DESC LIMIT ? OFFSET ?",
    )
    .bind(format!("%{part}%"))
    .bind(i64::from(limit))
    .bind(i64::from(skip))
    .fetch_all(db.pool())
    .await?;
    rows.into_iter().map(Sale::try_from).collect()
}
