//! Starting anew as the last resort.
//!
//! A radio or a router can get into a state that no reconnect cures. A restart costs nothing: readings are in flash.

use crate::uptime::Uptime;

/// Hours without a sign of life of the server after which the device starts anew.
pub const DEAD_HOURS: u64 = 3;
const DEAD_MS: u64 = DEAD_HOURS * 3_600_000;

/// Watches over the way to the server as a whole: Wi-Fi, broker, server.
#[derive(Clone, Copy, Debug)]
pub struct Watchdog {
    alive_at: Uptime,
}

impl Watchdog {
    /// Starts to watch.
    pub const fn new(now: Uptime) -> Self {
        Self { alive_at: now }
    }

    /// The server acknowledged something or asked for something. A broker's word is not enough: it answers pings while
    /// nobody listens.
    pub const fn on_server(&mut self, now: Uptime) {
        self.alive_at = now;
    }

    /// Whether to start anew. `unstored` readings wait; without any there is nothing to complain about.
    pub const fn is_dead(&self, now: Uptime, unstored: usize) -> bool {
        unstored > 0 && now.since(self.alive_at) >= DEAD_MS
    }

    /// When to look again.
    pub const fn next_look(&self) -> Uptime {
        self.alive_at.plus_millis(DEAD_MS)
    }
}
