//! What outlives a power cut, as the device sees it.

use domain::time::Timestamp;

use crate::kept::Kept;

/// How a life begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// How often the device has started: with a reading's number, its name for ever.
    pub boot: u64,
    /// The number of the next reading: numbers go on where the last life ended.
    pub next_seq: u64,
}

/// A memory that a power cut does not clear. Nothing here may fail: what cannot be written is counted by whoever
/// implements it, and the device goes on with what it has in its RAM.
pub trait Memory {
    /// This life's beginning.
    fn start(&self) -> Start;
    /// Yields the readings of earlier lives that the server is not known to have, oldest first.
    fn recall(&mut self, take: &mut dyn FnMut(u64, u64, Kept));
    /// Keeps a reading before it is sent for the first time.
    fn keep(&mut self, boot: u64, seq: u64, kept: &Kept);
    /// The server has the reading.
    fn on_stored(&mut self, seq: u64);
    /// Uptime 0 of this life was `origin`.
    fn on_origin(&mut self, boot: u64, origin: Timestamp);
}

/// No such memory: a desk, or a board whose flash is worn out.
#[derive(Clone, Copy, Debug)]
pub struct Volatile {
    boot: u64,
}

impl Volatile {
    /// The `boot`-th start; whoever counts them must not count one twice.
    pub const fn new(boot: u64) -> Self {
        Self { boot }
    }
}

impl Memory for Volatile {
    fn start(&self) -> Start {
        Start {
            boot: self.boot,
            next_seq: 0,
        }
    }

    fn recall(&mut self, _: &mut dyn FnMut(u64, u64, Kept)) {}
    fn keep(&mut self, _: u64, _: u64, _: &Kept) {}
    fn on_stored(&mut self, _: u64) {}
    fn on_origin(&mut self, _: u64, _: Timestamp) {}
}
