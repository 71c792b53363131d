//! Years of slots, written straight into the store: what has been measured by a fleet that is not there.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, AssertSqlSafe, Executor as _};

use crate::clock;

const SLOT_MS: i64 = 7_200_000;
const SLOTS_PER_DAY: i64 = 12;
const DAY_MS: i64 = SLOT_MS * SLOTS_PER_DAY;
/// The devices' days are those of Seoul, which turns no clocks.
const OFFSET_MS: i64 = 9 * 3_600_000;
/// Devices per transaction.
const AT_ONCE: usize = 100;

/// Where and how many.
#[derive(clap::Args)]
pub struct Args {
    /// The database of a server whose devices exist already.
    #[arg(long)]
    database_url: String,
    /// Days of slots for every device, until yesterday.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// Whose devices also have a reading for each minute of the last 24 hours.
    #[arg(long)]
    readings_of: Option<String>,
}

/// Fills table `slots` for all devices that have none.
pub async fn run(args: Args) -> Result<Value> {
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new()
        .max_connections(1)
        .connect(&args.database_url)
        .await?;
    let is_sqlite = args.database_url.starts_with("sqlite");
    if is_sqlite {
        pool.execute("PRAGMA busy_timeout = 60000").await?;
        pool.execute("PRAGMA synchronous = OFF").await?;
    }
    let devices: Vec<i64> = sqlx::query_scalar("SELECT id FROM devices ORDER BY id")
        .fetch_all(&pool)
        .await?;
    ensure!(
        !devices.is_empty(),
        "there are no devices: `templog product create` makes some"
    );
    let started = clock::instant();
    for portion in devices.chunks(AT_ONCE) {
        fill(&pool, is_sqlite, portion, i64::from(args.days)).await?;
    }
    if let Some(email) = &args.readings_of {
        fill_readings(&pool, is_sqlite, email).await?;
    }
    let rows = devices.len() * usize::try_from(args.days)? * 12;
    Ok(json!({ "devices": devices.len(), "rows": rows, "seconds": started.elapsed().as_secs_f64() }))
}

/// One statement per portion: the rows are made by the database itself.
async fn fill(pool: &AnyPool, is_sqlite: bool, devices: &[i64], days: i64) -> Result<()> {
    let today = (clock::unix_ms() + OFFSET_MS).div_euclid(DAY_MS) * DAY_MS - OFFSET_MS;
    let (start, last) = (today - days * DAY_MS, days * SLOTS_PER_DAY - 1);
    let (Some(from), Some(to)) = (devices.first(), devices.last()) else {
        return Ok(());
    };
    let (numbers, table) = numbers(is_sqlite, last);
    let day = if is_sqlite {
        format!("date(({start} + seq * {SLOT_MS} + {OFFSET_MS}) / 1000, 'unixepoch')")
    } else {
        let number = format!("(({start} + seq * {SLOT_MS} + {OFFSET_MS}) DIV {DAY_MS})");
        format!("DATE_FORMAT(DATE_ADD('1970-01-01', INTERVAL {number} DAY), '%Y-%m-%d')")
    };
    let t = "18.0 + (seq % 84) * 0.05 + (d.id % 10) * 0.1";
    let sql = format!(
        "INSERT INTO slots (device_id, start_at, end_at, day, cap_ms, n, covered_ms, \
         t_sum, t_weight_ms, t_min, t_max, h_sum, h_weight_ms, h_min, h_max) {numbers} \
         SELECT d.id, {start} + seq * {SLOT_MS}, {start} + (seq + 1) * {SLOT_MS}, {day}, 180000, 120, {SLOT_MS}, \
         ({t}) * 7200.0, {SLOT_MS}, ({t}) - 0.4, ({t}) + 0.5, 45.0 * 7200.0, {SLOT_MS}, 41.0, 49.5 \
         FROM devices d CROSS JOIN {table} WHERE d.id BETWEEN {from} AND {to} ORDER BY d.id, seq"
    );
    pool.execute(AssertSqlSafe(sql)).await?;
    Ok(())
}

/// A reading a minute over the last 24 hours for the devices of one person.
async fn fill_readings(pool: &AnyPool, is_sqlite: bool, email: &str) -> Result<()> {
    let start = clock::unix_ms() - DAY_MS;
    let (numbers, table) = numbers(is_sqlite, 1_439);
    let sql = format!(
        "INSERT INTO readings (device_id, at, t, h, flags) {numbers} \
         SELECT d.id, {start} + seq * 60000, 20.0 + (seq % 60) * 0.05, 45.0, 0 \
         FROM devices d JOIN memberships m ON m.household_id = d.household_id JOIN users u ON u.id = m.user_id \
         CROSS JOIN {table} WHERE u.email = ? ORDER BY d.id, seq"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(email.to_owned())
        .execute(pool)
        .await?;
    Ok(())
}

/// How a statement begins that counts from 0 to `last`, and the table whose column `seq` does.
fn numbers(is_sqlite: bool, last: i64) -> (String, String) {
    if is_sqlite {
        let head = format!("WITH RECURSIVE s(seq) AS (SELECT 0 UNION ALL SELECT seq + 1 FROM s WHERE seq < {last})");
        (head, "s".to_owned())
    } else {
        (String::new(), format!("seq_0_to_{last}"))
    }
}
