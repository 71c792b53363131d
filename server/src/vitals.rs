//! How the installation is, measured when somebody asks: `/metrics` and the operator's page tell the same truth.

use std::time::Duration;

use metrics::gauge;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::db::Db;
use crate::db::outbox::{Backlog, find_backlog};
use crate::db::presences::{Presences, count_presences};
use crate::db::usage::{Weight, find_store_bytes, list_heaviest};
use crate::error::Result;
use crate::ingest::IntakeHealth;
use crate::live::Hub;
use crate::mqtt::Health;
use crate::relay::{RelayHealth, Standing};

/// Nobody who scrapes waits longer for the database.
const PATIENCE: Duration = Duration::from_secs(2);
/// Counting the rows of all devices may take a while in a large store.
const COUNTING_PATIENCE: Duration = Duration::from_secs(5);
/// As many as one looks at.
const HEAVIEST: u32 = 20;

/// Reads how everything is; cheap to clone.
#[derive(Clone)]
pub struct Vitals {
    /// The store.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Whether readings are stored.
    pub intake: IntakeHealth,
    /// Whether readings come in.
    pub door: Health,
    /// Whether other instances are heard.
    pub relay: RelayHealth,
    /// Who looks.
    pub hub: Hub,
}

/// What the database knows of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stored {
    /// Letters.
    pub backlog: Backlog,
    /// Devices.
    pub presences: Presences,
    /// The size of the store.
    pub bytes: u64,
}

impl Vitals {
    /// Asks the database.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn stored(&self) -> Result<Stored> {
        let now = self.clock.now();
        Ok(Stored {
            backlog: find_backlog(&self.db, now).await?,
            presences: count_presences(&self.db, self.hub.listening().since(), now).await?,
            bytes: find_store_bytes(&self.db).await?,
        })
    }

    /// The devices with the most raw readings; `None` if counting takes too long.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn heaviest(&self) -> Result<Option<Vec<Weight>>> {
        timeout(COUNTING_PATIENCE, list_heaviest(&self.db, HEAVIEST))
            .await
            .ok()
            .transpose()
    }

    /// Tells the gauges. What the database does not answer keeps its last value.
    pub async fn tell(&self) {
        gauge!("templog_live_devices").set(as_f64(self.hub.watched_devices()));
        gauge!("templog_intake_waiting").set(as_f64(self.intake.waiting()));
        gauge!("templog_intake_stuck").set(f64::from(u8::from(self.intake.is_stuck())));
        gauge!("templog_door_open").set(f64::from(u8::from(self.door.state().ready)));
        let heard = self.relay.standing() != Standing::Unreachable;
        gauge!("templog_relay_heard").set(f64::from(u8::from(heard)));
        let Ok(Ok(stored)) = timeout(PATIENCE, self.stored()).await else {
            return;
        };
        let oldest_ms = stored.backlog.oldest.map_or(0, |oldest| self.clock.now().since(oldest));
        gauge!("templog_outbox_waiting").set(of(stored.backlog.waiting));
        gauge!("templog_outbox_oldest_seconds").set(of(oldest_ms) / 1_000.0);
        gauge!("templog_outbox_dead").set(of(stored.backlog.dead));
        let Presences {
            online,
            late,
            offline,
            never_seen,
        } = stored.presences;
        for (presence, count) in [
            ("online", online),
            ("late", late),
            ("offline", offline),
            ("never-seen", never_seen),
        ] {
            gauge!("templog_devices", "presence" => presence).set(of(count));
        }
        gauge!("templog_store_bytes").set(as_f64(usize::try_from(stored.bytes).unwrap_or(usize::MAX)));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge need not be exact beyond 2^52")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "a gauge need not be exact beyond 2^52")]
fn of(count: i64) -> f64 {
    count as f64
}
