//! The devices of a batch, as the database has them.
//!
//! On MariaDB other servers write too, so every transaction reads (and locks) what it needs. SQLite has one writer at a
//! time, and tells by `data_version` whether anybody but this connection has written since: if not, what the last
//! commit left in memory is what the file holds.

use std::collections::HashMap;

use domain::serial::Serial;

use crate::db::devices::find_ids;
use crate::db::states::{Known, lock_known};
use crate::db::{DeviceId, Dialect, Tx};
use crate::error::Result;

/// With some 700 bytes each, this is as much as a small server should remember.
const MOST_REMEMBERED: usize = 20_000;

/// Devices by serial, current as of the running transaction.
#[derive(Debug, Default)]
pub(super) struct Devices {
    known: HashMap<Serial, Known>,
    /// SQLite's `data_version` when `known` was current.
    version: Option<i64>,
    /// A serial's row number never changes, so this is believed for ever.
    ids: HashMap<Serial, DeviceId>,
}

impl Devices {
    /// Brings the devices with these serials up to date. Those that do not exist stay unknown.
    pub(super) async fn load(&mut self, tx: &mut Tx<'_>, dialect: Dialect, serials: &[Serial]) -> Result<()> {
        if !self.is_current(tx, dialect).await? || self.known.len() > MOST_REMEMBERED {
            self.known.clear();
        }
        let missing: Vec<_> = serials
            .iter()
            .copied()
            .filter(|serial| !self.known.contains_key(serial))
            .collect();
        let ids = self.ids_of(tx, &missing).await?;
        let loaded = lock_known(tx, dialect, &ids).await?;
        self.known.extend(loaded.into_iter().map(|known| (known.serial, known)));
        Ok(())
    }

    async fn is_current(&mut self, tx: &mut Tx<'_>, dialect: Dialect) -> Result<bool> {
        if dialect == Dialect::MariaDb {
            return Ok(false);
        }
        let version = sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut **tx).await?;
        Ok(self.version.replace(version) == Some(version))
    }

    /// Sorted: the order in which rows are locked must be the same for every writer.
    async fn ids_of(&mut self, tx: &mut Tx<'_>, serials: &[Serial]) -> Result<Vec<DeviceId>> {
        if self.ids.len() > MOST_REMEMBERED {
            self.ids.clear();
        }
        let new: Vec<_> = serials
            .iter()
            .copied()
            .filter(|serial| !self.ids.contains_key(serial))
            .collect();
        self.ids.extend(find_ids(tx, &new).await?);
        let mut ids: Vec<_> = serials
            .iter()
            .filter_map(|serial| self.ids.get(serial).copied())
            .collect();
        ids.sort_unstable();
        Ok(ids)
    }

    /// After a failed commit nothing in memory can be believed.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    pub(super) fn get(&self, serial: Serial) -> Option<&Known> {
        self.known.get(&serial)
    }

    pub(super) fn get_mut(&mut self, serial: Serial) -> Option<&mut Known> {
        self.known.get_mut(&serial)
    }
}

#[cfg(test)]
impl From<Vec<Known>> for Devices {
    fn from(known: Vec<Known>) -> Self {
        Self {
            known: known.into_iter().map(|known| (known.serial, known)).collect(),
            version: None,
            ids: HashMap::new(),
        }
    }
}
