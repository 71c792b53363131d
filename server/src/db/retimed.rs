//! Table `retimed`: readings stored under our receive time, by the name the device gave them.
//!
//! Their time cannot tell a second delivery from a new reading, because every delivery has a receive time of its own.

use std::collections::HashSet;
use std::sync::LazyLock;

use domain::time::Timestamp;

use super::bulk::{Bulk, PerDialect, marks};
use super::{Db, DeviceId, Dialect, Tx};
use crate::error::Result;

/// The name of a reading without a time of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    /// Whose.
    pub device: DeviceId,
    /// The device's boot counter; −1 where the device gives no names.
    pub boot: i64,
    /// Its number in that boot; where the device gives no names, the absurd time it claimed.
    pub seq: i64,
}

static INSERT: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new("INSERT INTO retimed (device_id, boot, seq, at) VALUES ", &marks(4), ""));
static FIND: LazyLock<PerDialect> = LazyLock::new(|| {
    PerDialect::new(|dialect| {
        let (head, tail) = dialect.pairs();
        let head = format!("SELECT device_id, boot, seq FROM retimed WHERE (device_id, boot, seq) IN {head}");
        Bulk::new(&head, &marks(3), tail)
    })
});

/// Remembers under which time a named reading was stored.
pub async fn insert_retimed(tx: &mut Tx<'_>, rows: &[(Name, Timestamp)]) -> Result<()> {
    for (statement, rows) in INSERT.cut(rows) {
        let mut query = sqlx::query(statement);
        for (name, at) in rows {
            query = query
                .bind(name.device.0)
                .bind(name.boot)
                .bind(name.seq)
                .bind(at.as_millis());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Which of these names have been stored.
pub async fn find_retimed(tx: &mut Tx<'_>, dialect: Dialect, names: &[Name]) -> Result<HashSet<Name>> {
    let mut stored = HashSet::new();
    for (statement, names) in FIND.of(dialect).cut(names) {
        let mut query = sqlx::query_as::<_, (i64, i64, i64)>(statement);
        for name in names {
            query = query.bind(name.device.0).bind(name.boot).bind(name.seq);
        }
        let rows = query.fetch_all(&mut **tx).await?;
        stored.extend(rows.into_iter().map(|(device, boot, seq)| Name {
            device: DeviceId(device),
            boot,
            seq,
        }));
    }
    Ok(stored)
}

/// Forgets the names of readings before `cutoff`.
pub async fn delete_retimed_before(db: &Db, device: DeviceId, cutoff: Timestamp) -> Result<u64> {
    let done = sqlx::query("DELETE FROM retimed WHERE device_id = ? AND at < ?")
        .bind(device.0)
        .bind(cutoff.as_millis())
        .execute(db.pool())
        .await?;
    Ok(done.rows_affected())
}
