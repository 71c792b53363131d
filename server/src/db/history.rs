//! Everything that a device has told about a home, over all tables: deleted as one when it leaves the home.

use domain::time::Timestamp;

use super::states::delete_state;
use super::{Db, DeviceId, Dialect, Tx};
use crate::error::Result;

/// Each deletes one table's rows of a device.
const STATEMENTS: [&str; 9] = [
    "DELETE FROM readings WHERE device_id = ?",
    "DELETE FROM retimed WHERE device_id = ?",
    "DELETE FROM slots WHERE device_id = ?",
    "DELETE FROM rejects WHERE device_id = ?",
    // Nobody who leaves a home hears of it afterwards.
    "DELETE FROM outbox WHERE state = 'queued' AND dedupe_key IN (SELECT n.letter FROM notices n \
     JOIN alerts a ON a.id = n.alert_id WHERE a.device_id = ?)",
    "DELETE FROM alerts WHERE device_id = ?",
    "DELETE FROM rule_states WHERE rule_id IN (SELECT id FROM rules WHERE device_id = ?)",
    "DELETE FROM rules WHERE device_id = ?",
    "DELETE FROM errands WHERE device_id = ?",
];

/// When the oldest reading was measured that is still there.
pub async fn find_first_reading(db: &Db, device: DeviceId) -> Result<Option<Timestamp>> {
    let at: Option<i64> = sqlx::query_scalar("SELECT MIN(at) FROM readings WHERE device_id = ?")
        .bind(device.0)
        .fetch_one(db.pool())
        .await?;
    Ok(at.map(Timestamp::from_millis))
}

/// When the oldest finished slot began.
pub async fn find_first_slot(db: &Db, device: DeviceId) -> Result<Option<Timestamp>> {
    let at: Option<i64> = sqlx::query_scalar("SELECT MIN(start_at) FROM slots WHERE device_id = ?")
        .bind(device.0)
        .fetch_one(db.pool())
        .await?;
    Ok(at.map(Timestamp::from_millis))
}

/// Deletes what a device has measured and said. Change its row in `devices` first, in the same transaction: that keeps
/// the intake from writing more until the transaction ends.
pub async fn delete_history(tx: &mut Tx<'_>, dialect: Dialect, device: DeviceId) -> Result<()> {
    for statement in STATEMENTS {
        sqlx::query(statement).bind(device.0).execute(&mut **tx).await?;
    }
    delete_state(tx, dialect, device).await
}
