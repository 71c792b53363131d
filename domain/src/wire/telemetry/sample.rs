//! One item of telemetry, as the device sent it.

use alloc::string::String;

use crate::reading::Measured;
use crate::time::Timestamp;

/// What a device says it measured; nothing in it has been judged yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The device's own number for it; only numbered samples are acknowledged.
    pub id: Option<SampleId>,
    /// The device's clock; `None` as long as it has none.
    pub at: Option<Timestamp>,
    /// Values, or why there are none.
    pub body: Body,
    /// Brightness, 0 to 4,095 (raw ADC value).
    pub light: Option<u16>,
    /// Strength of the Wi-Fi signal, dBm.
    pub rssi: Option<i16>,
    /// Battery, percent.
    pub bat: Option<u8>,
}

/// A sample's number: unique for a device for ever, whatever its clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SampleId {
    /// How often the device had started, below 2^53.
    pub boot: u64,
    /// How many samples it had taken since, below 2^53.
    pub seq: u64,
}

/// A measurement or the lack of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// The sensor answered.
    Measured(Measured),
    /// The sensor did not answer; the device's word for why, at most 64 characters.
    Failed(String),
}
