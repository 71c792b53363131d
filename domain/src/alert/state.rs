//! What a rule remembers between readings, and what it has to say.

use serde::{Deserialize, Serialize};

use super::trace::Trace;
use crate::time::Timestamp;

/// A value and when it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When it was measured.
    pub at: Timestamp,
    /// °C, %RH, or brightness from 0 to 4095.
    pub value: f64,
}

/// Where in its life an alarm is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Nothing to tell.
    #[default]
    Normal,
    /// Beyond the limit, but not yet for long enough.
    Pending {
        /// Since when.
        since: Timestamp,
        /// The newest value.
        newest: f64,
    },
    /// Told, and not over.
    Active {
        /// Since when.
        since: Timestamp,
        /// Where a change began.
        from: Option<Point>,
        /// Whether the change went up.
        rising: bool,
    },
}

/// The memory of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The newest reading that counted.
    pub last_at: Option<Timestamp>,
    /// Where the alarm is.
    pub phase: Phase,
    /// Recent extremes, for changes.
    #[serde(skip_serializing_if = "Trace::is_empty")]
    pub trace: Trace,
    /// How much there is against the sensor.
    #[serde(skip_serializing_if = "is_zero")]
    pub strikes: u32,
    /// When it last lied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lied_at: Option<Timestamp>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(strikes: &u32) -> bool {
    *strikes == 0
}

/// Something that people want to hear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// An alarm begins. If one is under way, this one takes its place.
    Fired {
        /// When it became true.
        at: Timestamp,
        /// The value that made it true; none for a silent device or a broken sensor.
        value: Option<f64>,
        /// Where a change began; when a silent device was last heard.
        from: Option<Point>,
    },
    /// It is over.
    Cleared {
        /// When it was.
        at: Timestamp,
        /// The value that is normal again.
        value: Option<f64>,
    },
}

impl State {
    /// Whether people have been told and it is not over.
    pub const fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Active { .. })
    }

    pub(super) const fn activate(&mut self, since: Timestamp) {
        self.phase = Phase::Active {
            since,
            from: None,
            rising: false,
        };
    }
}
