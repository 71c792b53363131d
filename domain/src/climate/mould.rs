//! Whether the coldest corner of a room is wet enough for mould.

use super::moisture::saturation_pa;
use super::{Celsius, RelativeHumidity};

/// How much colder than the air the corner of an outer wall is: 20 °C inside and 5 °C outside, at the temperature factor
/// of 0.7 that DIN 4108-2 demands of every corner.
const CORNER_COLDER_K: f64 = 4.5;
/// On a surface at this humidity mould grows (ISO 13788), %.
const GROWS: f64 = 80.0;
/// A colder day or a worse wall reaches it from here, %.
const CLOSE: f64 = 70.0;

/// The chance of mould if the air stays like this for days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MouldRisk {
    /// The corner stays dry.
    Low,
    /// Behind furniture, or on a colder day.
    Possible,
    /// Mould grows.
    High,
}

impl MouldRisk {
    /// Judges the air of a living room.
    pub fn of(t: Celsius, h: RelativeHumidity) -> Self {
        match corner_humidity(t, h) {
            corner if corner >= GROWS => Self::High,
            corner if corner >= CLOSE => Self::Possible,
            _ => Self::Low,
        }
    }
}

/// The relative humidity of this air on the corner of an outer wall, %; at 100 it is wet.
pub fn corner_humidity(t: Celsius, h: RelativeHumidity) -> f64 {
    let colder = saturation_pa(t.get() - CORNER_COLDER_K);
    (h.get() * saturation_pa(t.get()) / colder).min(100.0)
}
