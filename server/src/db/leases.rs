//! Table `leases`: which of several servers does a job that is to be done once.
//!
//! Time is the database's own here: the clocks of two servers may differ, and both would believe that a job is theirs.

use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::Db;
use crate::error::Result;

/// Takes a job for `term`, or keeps it for as long from now on. A job of another holder is left alone until its lease
/// has been over for `idle`. Returns whether the job is `holder`'s now.
///
/// # Errors
/// The database cannot be asked; then whatever was held before still is, until it ends.
pub async fn update_lease(db: &Db, job: &str, holder: &str, term: Duration, idle: Duration) -> Result<bool> {
    let now = db.dialect().now_ms();
    let sql = format!(
        "UPDATE leases SET holder = ?, ends_at = {now} + ? \
         WHERE job = ? AND ((holder = ? AND ends_at > {now}) OR ends_at + ? <= {now})"
    );
    let done = sqlx::query(AssertSqlSafe(sql))
        .bind(holder.to_owned())
        .bind(millis(term))
        .bind(job.to_owned())
        .bind(holder.to_owned())
        .bind(millis(idle))
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Leaves a job to whoever wants it, if it still was `holder`'s.
///
/// # Errors
/// The database cannot be asked; then the job is free when the lease ends.
pub async fn update_released(db: &Db, job: &str, holder: &str) -> Result<()> {
    sqlx::query("UPDATE leases SET ends_at = 0 WHERE job = ? AND holder = ?")
        .bind(job.to_owned())
        .bind(holder.to_owned())
        .execute(db.pool())
        .await?;
    Ok(())
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
