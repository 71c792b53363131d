//! Checked numbers: a value the sensor cannot have measured does not get a type.

/// A temperature in °C inside what a DHT22 can measure, −40 to 80.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Celsius(f64);

/// A relative humidity in percent, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct RelativeHumidity(f64);

/// A value outside of what its unit allows, or not a number at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value is outside of the measurable range")]
pub struct OutOfRange;

impl Celsius {
    /// Lowest temperature of the sensor's data sheet, °C.
    pub const MIN: f64 = -40.0;
    /// Highest temperature of the sensor's data sheet, °C.
    pub const MAX: f64 = 80.0;

    /// Checks a value in °C.
    pub fn new(degrees: f64) -> Result<Self, OutOfRange> {
        // NaN is inside no range, so it fails here as well.
        if (Self::MIN..=Self::MAX).contains(&degrees) {
            Ok(Self(degrees))
        } else {
            Err(OutOfRange)
        }
    }

    /// The value in °C.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl RelativeHumidity {
    /// Lowest value, %RH.
    pub const MIN: f64 = 0.0;
    /// Highest value, %RH.
    pub const MAX: f64 = 100.0;

    /// Checks a value in percent.
    pub fn new(percent: f64) -> Result<Self, OutOfRange> {
        if (Self::MIN..=Self::MAX).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(OutOfRange)
        }
    }

    /// The value in percent.
    pub const fn get(self) -> f64 {
        self.0
    }
}
