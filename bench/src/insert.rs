//! The database's ceiling: bare rows of a reading's shape, in transactions of the size the intake uses.

use anyhow::Result;
use serde_json::{Value, json};
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AssertSqlSafe, Executor, QueryBuilder};

use crate::clock;

const TABLE: &str = "bench_rows";

/// Where and how many.
#[derive(clap::Args)]
pub struct Args {
    /// `sqlite:///path/file.db?mode=rwc` or `mysql://user:pw@host/db`; a scratch table is made and dropped.
    #[arg(long)]
    database_url: String,
    /// Rows in all.
    #[arg(long, default_value_t = 200_000)]
    rows: u32,
    /// Rows per transaction.
    #[arg(long, default_value_t = 500)]
    batch: u32,
    /// Devices the rows are spread over.
    #[arg(long, default_value_t = 20)]
    devices: u32,
}

/// Rows per second the database commits.
pub async fn run(args: Args) -> Result<Value> {
    sqlx::any::install_default_drivers();
    let pool = AnyPoolOptions::new()
        .max_connections(1)
        .connect(&args.database_url)
        .await?;
    let sqlite = args.database_url.starts_with("sqlite");
    if sqlite {
        pool.execute("PRAGMA journal_mode = WAL").await?;
        pool.execute("PRAGMA synchronous = NORMAL").await?;
    }
    let suffix = if sqlite { "WITHOUT ROWID" } else { "" };
    pool.execute(AssertSqlSafe(format!("DROP TABLE IF EXISTS {TABLE}")))
        .await?;
    let create = format!(
        "CREATE TABLE {TABLE} (device_id BIGINT NOT NULL, at BIGINT NOT NULL, t DOUBLE, h DOUBLE, \
         flags SMALLINT NOT NULL, PRIMARY KEY (device_id, at)) {suffix}"
    );
    pool.execute(AssertSqlSafe(create)).await?;

    let started = clock::instant();
    let mut row = 0;
    while row < args.rows {
        let end = (row + args.batch).min(args.rows);
        insert(&pool, row..end, args.devices).await?;
        row = end;
    }
    let seconds = started.elapsed().as_secs_f64();
    pool.execute(AssertSqlSafe(format!("DROP TABLE {TABLE}"))).await?;
    Ok(json!({ "rows": args.rows, "seconds": seconds, "rows_per_s": f64::from(args.rows) / seconds }))
}

async fn insert(pool: &sqlx::AnyPool, rows: std::ops::Range<u32>, devices: u32) -> Result<()> {
    let head = format!("INSERT INTO {TABLE} (device_id, at, t, h, flags) ");
    let mut query = QueryBuilder::<Any>::new(head);
    query.push_values(rows, |mut values, row| {
        values
            .push_bind(i64::from(row % devices))
            .push_bind(1_795_000_000_000 + i64::from(row / devices) * 1_000)
            .push_bind(20.0 + f64::from(row % 50) / 10.0)
            .push_bind(50.0)
            .push_bind(0_i32);
    });
    let mut transaction = pool.begin().await?;
    query.build().persistent(true).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}
