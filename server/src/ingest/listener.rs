//! Who is told after COMMIT.

use domain::serial::Serial;
use domain::time::Timestamp;
use domain::wire::telemetry::SampleId;

use crate::db::DeviceId;

/// Told about every commit, in order. Must return at once: the next commit waits.
pub trait Listener: Send + Sync {
    /// Readings that are now in the database, those that already were included.
    fn committed(&self, batch: &[Committed]);

    /// A device said something about itself, or its broker about it.
    fn presence(&self, hint: &PresenceHint);
}

/// A reading that is in the database.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Committed {
    /// Whose.
    pub device: DeviceId,
    /// The number on its sticker.
    pub serial: Serial,
    /// Its name in the device's memory, if the device gives names.
    pub id: Option<SampleId>,
    /// The value to show, if this became the newest reading of its device.
    pub now: Option<Now>,
    /// Whether it had been there before.
    pub duplicate: bool,
    /// Whether it is the newest and waits for a witness: the sooner the device measures again, the sooner people know.
    pub wants_witness: bool,
    /// Seconds between the device's readings.
    pub interval_s: u32,
    /// Whether its broker said that it is gone.
    pub will_offline: bool,
}

/// A current value, calibrated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// When it was measured.
    pub at: Timestamp,
    /// °C.
    pub t: Option<f64>,
    /// %RH.
    pub h: Option<f64>,
}

/// What is known about a device's presence after a status message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceHint {
    /// Whose.
    pub device: DeviceId,
    /// The number on its sticker.
    pub serial: Serial,
    /// When its newest reading was measured.
    pub last_at: Option<Timestamp>,
    /// Seconds between its readings.
    pub interval_s: u32,
    /// Whether its broker said that it is gone.
    pub will_offline: bool,
}
