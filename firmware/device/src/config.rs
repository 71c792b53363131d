//! How a device behaves; a board of little memory chooses smaller numbers.

use alloc::string::String;

use domain::serial::Serial;

/// Settings of one device.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its name, username and topic.
    pub serial: Serial,
    /// Version of its firmware, as told to the server.
    pub fw: String,
    /// Seconds between two readings; the server may change it.
    pub interval_s: u32,
    /// Readings kept until the server has them; beyond that the oldest is overwritten.
    pub capacity: usize,
    /// Whether to take the memory for all of them at once, as a board does.
    pub reserve: bool,
    /// Readings per message when catching up, at most 512.
    pub batch: usize,
    /// Messages with a single fresh reading that may wait for the server's ack at once.
    pub live_in_flight: usize,
    /// Back-fill messages that may wait for the server's ack at once.
    pub backfill_in_flight: usize,
    /// After this long without an ack a reading is sent again, ms.
    pub resend_after_ms: u64,
}

impl Config {
    /// A device that reports every minute and outlives two days without network.
    pub fn new(serial: Serial) -> Self {
        Self {
            serial,
            fw: String::from(env!("CARGO_PKG_VERSION")),
            interval_s: 60,
            capacity: 2 * 24 * 60,
            reserve: false,
            batch: 512,
            live_in_flight: 8,
            backfill_in_flight: 2,
            resend_after_ms: 30_000,
        }
    }
}
