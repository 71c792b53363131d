//! What day it is, by the device's own clock and what others told it.
//!
//! A board starts in 1970. Until somebody who knows has told it the time it has none, and says so by leaving it out.

use domain::time::Timestamp;

use crate::uptime::Uptime;

/// 2025-01-01: this firmware is younger, so whatever is earlier is a clock that was never set.
const BORN: Timestamp = Timestamp::from_millis(1_735_689_600_000);
/// 2100-01-01: whatever is later is a broken clock.
const END: Timestamp = Timestamp::from_millis(4_102_444_800_000);
/// For so long a time server's word counts more than that of a server whose acks were under way for a while, ms.
const SNTP_LASTS_MS: u64 = 24 * 3_600_000;

/// Whether a moment can be the present.
pub fn is_plausible(at: Timestamp) -> bool {
    (BORN..END).contains(&at)
}

/// Who told the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A time server, corrected for the way.
    Sntp,
    /// The server's ack: as late as the network was slow.
    Server,
}

/// The calendar beside the uptime.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calendar {
    known: Option<(Uptime, Timestamp, Source)>,
}

impl Calendar {
    /// The present moment, once it is known.
    pub fn at(&self, now: Uptime) -> Option<Timestamp> {
        let (then, wall, _) = self.known?;
        Some(wall.plus_millis(i64::try_from(now.since(then)).ok()?))
    }

    /// Somebody says that it is `wall`; whether that is believed.
    pub fn learn(&mut self, now: Uptime, wall: Timestamp, source: Source) -> bool {
        let settled = self
            .known
            .is_some_and(|(then, _, by)| by == Source::Sntp && now.since(then) < SNTP_LASTS_MS);
        let believed = is_plausible(wall) && (source == Source::Sntp || !settled);
        if believed {
            self.known = Some((now, wall, source));
        }
        believed
    }
}
