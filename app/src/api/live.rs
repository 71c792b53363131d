//! What the live socket `/ws/live` says: one JSON object per reading or change of presence.

use serde::{Deserialize, Serialize};

/// The newest state of one device. Right after connecting the server sends one of these per device, so a
/// reconnected page is up to date again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// Serial number of the device.
    pub serial: String,
    /// When the newest reading was measured, Unix ms; absent while there is none.
    pub at: Option<i64>,
    /// Temperature in °C.
    pub t: Option<f64>,
    /// Relative humidity in %.
    pub h: Option<f64>,
    /// `never-seen`, `online`, `late` or `offline`.
    pub presence: String,
}
