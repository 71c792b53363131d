//! What the board's sensors said.

use domain::reading::Measured;

/// One look at the sensors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Temperature and humidity, or why there are none.
    pub values: Result<Measured, SensorFailure>,
    /// Brightness, raw ADC value.
    pub light: Option<u16>,
    /// Strength of the Wi-Fi signal, dBm.
    pub rssi: Option<i8>,
    /// Battery, percent.
    pub bat: Option<u8>,
}

impl From<Measured> for Reading {
    fn from(values: Measured) -> Self {
        Self {
            values: Ok(values),
            light: None,
            rssi: None,
            bat: None,
        }
    }
}

/// Why the climate sensor gave no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SensorFailure {
    /// It answered, but the frame was damaged.
    Checksum,
    /// It did not answer.
    Timeout,
    /// It answered with nothing that is a number.
    NoValue,
}

impl SensorFailure {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checksum => "checksum",
            Self::Timeout => "timeout",
            Self::NoValue => "no-value",
        }
    }
}
