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
    /// Its pulses are not those of a frame.
    Timing,
    /// The sum fits, but no such climate can be measured with it.
    Range,
    /// It answers with the same small number for everything: it hangs.
    Stuck,
}

impl SensorFailure {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checksum => "checksum",
            Self::Timeout => "timeout",
            Self::NoValue => "no-value",
            Self::Timing => "timing",
            Self::Range => "range",
            Self::Stuck => "stuck",
        }
    }

    /// One byte in flash; 0 means no failure.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Checksum => 1,
            Self::Timeout => 2,
            Self::NoValue => 3,
            Self::Timing => 4,
            Self::Range => 5,
            Self::Stuck => 6,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Checksum),
            2 => Some(Self::Timeout),
            3 => Some(Self::NoValue),
            4 => Some(Self::Timing),
            5 => Some(Self::Range),
            6 => Some(Self::Stuck),
            _ => None,
        }
    }
}
