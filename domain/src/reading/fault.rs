//! Values a DHT22 prints when it has measured nothing.

use crate::climate::{Celsius, RelativeHumidity};

/// The raw numbers of one reading; either may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Temperature, °C.
    pub t: Option<f64>,
    /// Relative humidity, %.
    pub h: Option<f64>,
}

/// Why a reading is no measurement: stored, but never shown as now, averaged or alarmed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Outside −40–80 °C or 0–100 %RH, or not a finite number.
    OutOfRange,
    /// One of the pairs the sensor's driver yields for an empty or shifted frame.
    StuckPair,
    /// The device itself says that its sensor gave no answer.
    SensorFailed,
}

/// Temperature and humidity read the same and both one of these: a frame of zeros passes its
/// checksum, and 0.2/0.2 and 1/1 are what drivers make of a bus held low (esphome/issues#4217,
/// #397). No room has a relative humidity this low.
const STUCK_VALUES: [f64; 3] = [0.0, 0.2, 1.0];

impl Fault {
    /// The name used in logs, metrics and lists of rejected payloads.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfRange => "out-of-range",
            Self::StuckPair => "stuck-pair",
            Self::SensorFailed => "sensor-failed",
        }
    }
}

impl Measured {
    /// What is wrong with these numbers on their own, without a look at the neighbours.
    pub fn fault(self) -> Option<Fault> {
        let t_outside = self.t.is_some_and(|t| Celsius::new(t).is_err());
        let h_outside = self.h.is_some_and(|h| RelativeHumidity::new(h).is_err());
        if t_outside || h_outside {
            return Some(Fault::OutOfRange);
        }
        let (Some(t), Some(h)) = (self.t, self.h) else {
            return None;
        };
        let is = |value: f64, stuck: f64| (value - stuck).abs() < 1e-9;
        STUCK_VALUES
            .iter()
            .any(|&v| is(t, v) && is(h, v))
            .then_some(Fault::StuckPair)
    }
}
