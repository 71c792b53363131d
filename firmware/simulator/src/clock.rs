//! The clocks of this machine: the only place of the simulator that asks for the time.

use device::Uptime;
use domain::time::Timestamp;
use tokio::time::{Duration, Instant};

/// Time since the process started, and the calendar's.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    origin: Instant,
}

impl Clock {
    /// Starts counting.
    pub fn start() -> Self {
        Self { origin: Instant::now() }
    }

    /// Time since the start.
    pub fn uptime(self) -> Uptime {
        Uptime::from_millis(self.micros() / 1000)
    }

    /// Microseconds since the start.
    pub fn micros(self) -> u64 {
        u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// The present moment.
    #[expect(
        clippy::disallowed_methods,
        clippy::unused_self,
        reason = "this is where the simulator asks for the time"
    )]
    pub fn wall(self) -> Timestamp {
        Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
    }

    /// Waits until that much time has passed since the start; for ever if there is no such moment.
    pub async fn sleep_until(self, uptime: Option<Uptime>) {
        match uptime {
            Some(uptime) => tokio::time::sleep_until(self.origin + Duration::from_millis(uptime.as_millis())).await,
            None => std::future::pending().await,
        }
    }

    /// The same for microseconds.
    pub async fn sleep_until_micros(self, micros: Option<u64>) {
        match micros {
            Some(micros) => tokio::time::sleep_until(self.origin + Duration::from_micros(micros)).await,
            None => std::future::pending().await,
        }
    }
}
