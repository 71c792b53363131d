//! An intake with a clock that stands still and a listener that remembers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use domain::reading::Measured;
use domain::serial::Serial;
use domain::time::Timestamp;
use server::clock::{Clock, ManualClock};
use server::db::devices::Device;
use server::db::states::{State, find_state};
use server::db::{Db, DeviceId};
use server::ingest::{self, Committed, Intake, Listener, PresenceHint, Receipt};
use server::lifecycle::Lifecycle;

/// 2026-11-20 08:00 UTC, 17:00 in Seoul: an hour into a slot.
pub const NOW: Timestamp = Timestamp::from_millis(1_795_161_600_000);

/// What an intake has told.
#[derive(Default)]
pub struct Heard {
    pub committed: Mutex<Vec<Committed>>,
    pub hints: Mutex<Vec<PresenceHint>>,
}

impl Listener for Heard {
    fn committed(&self, batch: &[Committed]) {
        self.committed.lock().unwrap().extend_from_slice(batch);
    }

    fn presence(&self, hint: &PresenceHint) {
        self.hints.lock().unwrap().push(*hint);
    }
}

impl Heard {
    pub fn last(&self) -> Committed {
        *self.committed.lock().unwrap().last().expect("something was committed")
    }
}

/// A running intake.
pub struct Rig {
    pub db: Db,
    pub hand: ManualClock,
    pub clock: Clock,
    pub intake: Intake,
    pub heard: Arc<Heard>,
    lifecycle: Lifecycle,
}

impl Rig {
    pub fn start(db: &Db) -> Self {
        Self::start_at(db, NOW)
    }

    pub fn start_at(db: &Db, now: Timestamp) -> Self {
        let (clock, hand) = Clock::manual(now);
        let (lifecycle, heard) = (Lifecycle::new(), Arc::<Heard>::default());
        let intake = ingest::start(db.clone(), clock.clone(), None, vec![heard.clone()], &lifecycle);
        Self {
            db: db.clone(),
            hand,
            clock,
            intake,
            heard,
            lifecycle,
        }
    }

    /// Stops the intake as a server does.
    pub async fn stop(&self) {
        assert!(self.lifecycle.drain(Duration::from_mins(1)).await, "the intake drains");
    }

    /// A new intake on the same database, as after a restart.
    pub async fn restarted(self) -> Self {
        self.stop().await;
        Self::start_at(&self.db, self.clock.now())
    }

    /// Sends telemetry, received now.
    pub async fn send(&self, serial: Serial, payload: &str) -> Receipt {
        self.intake
            .telemetry(serial, Bytes::copy_from_slice(payload.as_bytes()), self.clock.now())
            .await
    }

    /// Sends telemetry that must be stored without a reject.
    pub async fn store(&self, serial: Serial, payload: &str) {
        let receipt = self.send(serial, payload).await;
        assert!(
            matches!(receipt, Receipt::Stored { rejected: 0, .. }),
            "{receipt:?}: {payload}"
        );
    }

    pub async fn status(&self, serial: Serial, payload: &str, retained: bool) -> Receipt {
        self.intake
            .status(serial, Bytes::copy_from_slice(payload.as_bytes()), retained)
            .await
    }

    pub async fn state(&self, device: &Device) -> State {
        find_state(&self.db, device.id).await.unwrap().unwrap()
    }
}

/// `{"at":…,"t":…,"h":50}` this many seconds before or after [`NOW`].
pub fn reading(seconds: i64, t: f64) -> String {
    format!(
        r#"{{"at":{},"t":{t},"h":50}}"#,
        NOW.plus_millis(seconds * 1000).as_millis()
    )
}

/// A stored row: seconds after [`NOW`], values, flags.
pub async fn rows(db: &Db, device: DeviceId) -> Vec<(f64, Measured, i64)> {
    let rows: Vec<(i64, Option<f64>, Option<f64>, i64)> =
        sqlx::query_as("SELECT at, t, h, flags FROM readings WHERE device_id = ? ORDER BY at")
            .bind(device.0)
            .fetch_all(db.pool())
            .await
            .unwrap();
    #[expect(clippy::cast_precision_loss, reason = "tests stay near now")]
    let seconds = |at: i64| (at - NOW.as_millis()) as f64 / 1000.0;
    rows.into_iter()
        .map(|(at, t, h, flags)| (seconds(at), Measured { t, h }, flags))
        .collect()
}

/// Just the times of [`rows`].
pub async fn times(db: &Db, device: DeviceId) -> Vec<f64> {
    rows(db, device).await.into_iter().map(|row| row.0).collect()
}
