//! How the whole installation is, for operators.

use super::console::BrokerStanding;

/// How instances stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OthersStanding {
    /// There are none.
    Alone,
    /// They hear each other.
    Connected,
    /// Redis does not answer.
    Unreachable,
}

/// Letters on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LettersView {
    /// Not accepted by any mail server yet.
    pub waiting: i64,
    /// How long the oldest of them has waited, ms.
    pub oldest_ms: Option<i64>,
    /// Given up, and still kept.
    pub dead: i64,
}

/// How many devices are there, and how many are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PresencesView {
    /// As fresh as they promise.
    pub online: i64,
    /// A reading or two are missing.
    pub late: i64,
    /// Gone.
    pub offline: i64,
    /// Claimed, and never heard of.
    pub never_seen: i64,
}

/// What a device takes of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightView {
    /// The number on its sticker.
    pub serial: String,
    /// Raw readings.
    pub readings: u64,
    /// Finished slots.
    pub slots: u64,
    /// About what they take on disk.
    pub bytes: u64,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthView {
    /// Whether readings come in.
    pub door_open: bool,
    /// How the broker's accounts stand.
    pub broker: BrokerStanding,
    /// Whether the database does not take what was given to it last.
    pub intake_stuck: bool,
    /// Readings that wait to be stored.
    pub intake_waiting: usize,
    /// The other instances.
    pub others: OthersStanding,
    /// Mail.
    pub letters: LettersView,
    /// Devices that somebody has.
    pub devices: PresencesView,
    /// Devices that are being looked at here, now.
    pub watched: usize,
    /// The size of the store.
    pub store_bytes: u64,
    /// The devices with the most raw readings; `None`: counting took too long.
    pub heaviest: Option<Vec<WeightView>>,
}
