//! Whether a device is there: its data's age is the truth, the broker's will only a hint.
//!
//! Wills lie in both directions: a broker that dies leaves "online" retained for ever, a clean
//! disconnect sends no will, a short reconnect sends one for nothing.
//!
//! Silence counts only while somebody listened: after our own restart every device gets its full time again before it
//! is called offline. Its value is old all the same, see [`is_stale`].

use crate::time::Timestamp;

/// How present a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// No reading ever arrived.
    NeverSeen,
    /// The last reading is as fresh as its interval promises.
    Online,
    /// A reading or two are missing.
    Late,
    /// Nobody should take the last value for the present one.
    Offline,
}

impl Presence {
    /// The name used in the API and the browser.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NeverSeen => "never-seen",
            Self::Online => "online",
            Self::Late => "late",
            Self::Offline => "offline",
        }
    }
}

/// Age in ms up to which a device that reports every `interval_s` seconds counts as online.
pub const fn online_for_ms(interval_s: u32) -> i64 {
    at_least(interval_s as i64 * 2_500, 30_000)
}

/// Age in ms up to which a device that reports every `interval_s` seconds is only late.
pub const fn late_for_ms(interval_s: u32) -> i64 {
    at_least(interval_s as i64 * 5_000, 60_000)
}

const fn at_least(ms: i64, floor: i64) -> i64 {
    if ms < floor { floor } else { ms }
}

/// Whether a value measured at `at` must not be taken for the present one, whoever is to blame for its age.
pub fn is_stale(at: Timestamp, interval_s: u32, now: Timestamp) -> bool {
    now.since(at) > late_for_ms(interval_s)
}

/// Decides from the newest reading's time, the device's interval, whether its will says that the connection broke,
/// and since when it could be heard at all.
pub fn presence(
    last_at: Option<Timestamp>,
    interval_s: u32,
    will_offline: bool,
    listening_since: Timestamp,
    now: Timestamp,
) -> Presence {
    let Some(last_at) = last_at else {
        return Presence::NeverSeen;
    };
    let silent_for_ms = now.since(last_at.max(listening_since));
    match (
        now.since(last_at) <= online_for_ms(interval_s),
        silent_for_ms <= late_for_ms(interval_s),
        will_offline,
    ) {
        (true, _, false) => Presence::Online,
        (true, _, true) | (false, true, false) => Presence::Late,
        (false, true, true) | (false, false, _) => Presence::Offline,
    }
}
