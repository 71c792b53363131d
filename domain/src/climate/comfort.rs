//! One word for how a room feels.

use super::{Celsius, RelativeHumidity};

/// How a living room feels to people and to its walls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comfort {
    /// Below 18 °C: the minimum of the WHO Housing and health guidelines (2018).
    Cold,
    /// Above 28 °C: beyond the comfort zone of ASHRAE 55 for light summer clothing.
    Hot,
    /// Above 60 %RH: mould grows (US EPA, "A Brief Guide to Mold, Moisture and Your Home").
    Humid,
    /// Below 30 %RH: the lower end of the same guide.
    Dry,
    /// None of these.
    Comfortable,
}

impl Comfort {
    /// Judges a room; humidity that harms the walls is named before the temperature.
    pub fn of(t: Celsius, h: RelativeHumidity) -> Self {
        match (t.get(), h.get()) {
            (_, h) if h > 60.0 => Self::Humid,
            (t, _) if t < 18.0 => Self::Cold,
            (t, _) if t > 28.0 => Self::Hot,
            (_, h) if h < 30.0 => Self::Dry,
            _ => Self::Comfortable,
        }
    }

    /// The name used between server and browser.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Hot => "hot",
            Self::Humid => "humid",
            Self::Dry => "dry",
            Self::Comfortable => "comfortable",
        }
    }
}
