//! Homes and rooms as the pages read them. Times are Unix milliseconds, temperatures °C, humidities %.

use serde::{Deserialize, Serialize};

pub use crate::words::status::{Alarm, Concern};

/// Everything the home page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct HomeView {
    /// Name of the household.
    pub household: String,
    /// Whether this is the demonstration household, fed by a recorded house.
    pub demo: bool,
    /// Whether whoever asks may ask its devices for a reading.
    pub may_ask: bool,
    /// Whether alerts have not reached the reader for a while, by one of the ways they chose.
    pub untold: bool,
    /// Its rooms in the order they are shown.
    pub rooms: Vec<RoomCard>,
}

/// One room in short.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomCard {
    /// Serial number of the device that measures here.
    pub serial: String,
    /// What the people who live there call it.
    pub name: String,
    /// The room or floor it is shown under; may be empty.
    pub room: String,
    /// The newest reading.
    pub now: Option<Now>,
    /// `never-seen`, `online`, `late` or `offline`, as of rendering.
    pub presence: String,
    /// Seconds between the device's messages.
    pub interval_s: u32,
    /// Whether the broker has told us that the device went away.
    pub will_offline: bool,
    /// Since when the server could hear the device at all.
    pub listening_since: i64,
    /// The most urgent alert that is not over.
    pub alarm: Option<Alarm>,
    /// Where the temperature is going, once there is enough to tell.
    pub trend: Option<Trend>,
    /// Today so far, if anything was measured today.
    pub today: Option<Today>,
    /// The last 24 hours as 48 half-hour mean temperatures, oldest first; `None` is a gap.
    pub spark: Vec<Option<f64>>,
}

/// What people may say of the device in a room.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomSettings {
    /// Its serial number.
    pub serial: String,
    /// What it is called.
    pub name: String,
    /// The room or floor it is shown under; may be empty.
    pub room: String,
    /// Order on the page.
    pub position: i64,
    /// IANA time zone of its days.
    pub zone: String,
    /// Added to the temperatures it sends, °C.
    pub t_offset: f64,
    /// Added to the humidities it sends, %RH.
    pub h_offset: f64,
    /// Seconds between its readings, as the device has confirmed them.
    pub interval_s: u32,
    /// What was last wanted instead, and is not confirmed.
    pub wanted: Option<WantedInterval>,
    /// Whether whoever asks may change it.
    pub may_change: bool,
    /// Whether whoever asks may give the device away.
    pub may_release: bool,
}

/// An interval that the device does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedInterval {
    /// It is told when it is there: so many seconds.
    Waiting(u32),
    /// It says that it cannot, and why.
    Refused(u32, String),
}

/// What the browser must know of a room to keep it alive: printed into the page, read by its script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// Serial number of the device.
    pub serial: String,
    /// What the people who live there call it.
    pub name: String,
    /// The newest reading when the page was rendered.
    pub now: Option<Now>,
    /// Seconds between the device's messages.
    pub interval_s: u32,
    /// Whether the broker has told us that the device went away.
    pub will_offline: bool,
    /// Since when the server could hear the device at all.
    pub listening_since: i64,
    /// The most urgent alert that is not over.
    pub alarm: Option<Alarm>,
    /// Where the temperature was going.
    pub trend: Option<Trend>,
}

impl From<&RoomCard> for Seed {
    fn from(card: &RoomCard) -> Self {
        Self {
            serial: card.serial.clone(),
            name: card.name.clone(),
            now: card.now.clone(),
            interval_s: card.interval_s,
            will_offline: card.will_offline,
            listening_since: card.listening_since,
            alarm: card.alarm,
            trend: card.trend,
        }
    }
}

/// The newest reading of a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Now {
    /// When it was measured.
    pub at: i64,
    /// The same in the device's time zone, RFC 3339 with offset and whole seconds
    /// (`2026-11-20T15:24:05+09:00`): what a page says before its script can tell the age.
    pub local: String,
    /// Temperature.
    pub t: Option<f64>,
    /// Relative humidity.
    pub h: Option<f64>,
}

/// A change of temperature over the recent past.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The change in °C.
    pub delta_c: f64,
    /// The minutes it took.
    pub minutes: u32,
}

/// The local calendar day so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Today {
    /// Time-weighted mean temperature.
    pub t_avg: Option<f64>,
    /// Lowest temperature.
    pub t_min: Option<f64>,
    /// Highest temperature.
    pub t_max: Option<f64>,
    /// Time-weighted mean humidity.
    pub h_avg: Option<f64>,
    /// Lowest humidity.
    pub h_min: Option<f64>,
    /// Highest humidity.
    pub h_max: Option<f64>,
    /// Part of the day so far that readings cover, 0 to 1.
    pub coverage: f64,
    /// The same in minutes.
    pub covered_min: u32,
    /// Minutes since local midnight.
    pub elapsed_min: u32,
}

/// Everything the room page shows before its chart.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomView {
    /// The room in short.
    pub card: RoomCard,
    /// Name of its household.
    pub household: String,
    /// Whether this is the demonstration household.
    pub demo: bool,
    /// Whether whoever asks may tell the device what to do.
    pub may_change: bool,
    /// IANA time zone of the device, in which its days begin and end.
    pub zone: String,
    /// Today's two-hour slots that hold readings, oldest first.
    pub slots: Vec<SlotPoint>,
}

/// One two-hour slot.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotPoint {
    /// First moment of the slot.
    pub start: i64,
    /// First moment after the slot.
    pub end: i64,
    /// `start` in the device's time zone, RFC 3339 with offset and whole seconds.
    pub local: String,
    /// Temperature.
    pub t: Option<Band>,
    /// Relative humidity.
    pub h: Option<Band>,
    /// Part of the slot that readings cover, 0 to 1.
    pub coverage: f64,
}

/// Mean and extremes of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Time-weighted mean.
    pub avg: f64,
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
}

/// One local day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayPoint {
    /// Local date, `YYYY-MM-DD`.
    pub day: String,
    /// Local midnight.
    pub start: i64,
    /// Minutes that readings speak for.
    pub covered_min: u32,
    /// Minutes of the day; of today what there has been of it.
    pub length_min: u32,
    /// Number of readings.
    pub n: u32,
    /// Temperature.
    pub t: Option<Band>,
    /// Relative humidity.
    pub h: Option<Band>,
}
