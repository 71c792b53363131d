//! How much water the air holds: dew point and absolute humidity.
//!
//! Magnus formula with the constants of Alduchov and Eskridge, "Improved Magnus form
//! approximation of saturation vapor pressure", J. Appl. Meteor. 35 (1996): within 0.4 % of the
//! reference from −40 to 50 °C.

use super::{Celsius, RelativeHumidity};

const MAGNUS_B: f64 = 17.625;
const MAGNUS_C: f64 = 243.04;
/// Saturation vapour pressure at 0 °C, Pa.
const MAGNUS_A: f64 = 610.94;
/// Specific gas constant of water vapour, J/(kg·K).
const R_VAPOUR: f64 = 461.5;

/// The temperature in °C at which this air would start to wet a wall.
///
/// `None` for perfectly dry air, which has no dew point.
pub fn dew_point(t: Celsius, h: RelativeHumidity) -> Option<f64> {
    if h.get() <= 0.0 {
        return None;
    }
    let gamma = libm::log(h.get() / 100.0) + MAGNUS_B * t.get() / (MAGNUS_C + t.get());
    Some(MAGNUS_C * gamma / (MAGNUS_B - gamma))
}

/// Water vapour in the air, g/m³: tells whether airing the room would dry it.
pub fn absolute_humidity(t: Celsius, h: RelativeHumidity) -> f64 {
    let vapour_pa = saturation_pa(t.get()) * h.get() / 100.0;
    vapour_pa / (R_VAPOUR * (t.get() + 273.15)) * 1000.0
}

/// The most vapour that air of this many °C holds, Pa.
pub(super) fn saturation_pa(t: f64) -> f64 {
    MAGNUS_A * libm::exp(MAGNUS_B * t / (MAGNUS_C + t))
}
