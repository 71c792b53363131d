//! Who is connected, by which protocol version, and what unretained will they left.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use domain::serial::Serial;

#[derive(Debug, Default)]
struct Entry {
    /// Whether the device last signed in with MQTT 3.1.1.
    legacy: bool,
    /// Connections alive; two while one takes over the other.
    live: u32,
    /// A will the broker would not retain, and so not show us.
    will: Option<Bytes>,
}

/// Everyone who has signed in.
#[derive(Debug, Default)]
pub(super) struct Roster(Mutex<HashMap<Serial, Entry>>);

impl Roster {
    /// A device has shown the right password.
    pub(super) fn signed_in(&self, serial: Serial, protocol_level: u8) {
        self.entries().entry(serial).or_default().legacy = protocol_level < 5;
    }

    /// Its connection stands.
    pub(super) fn connected(&self, serial: Serial, will: Option<Bytes>) {
        let mut entries = self.entries();
        let entry = entries.entry(serial).or_default();
        entry.live += 1;
        entry.will = will;
    }

    /// One of its connections has ended; the will, if that was the last one.
    pub(super) fn disconnected(&self, serial: Serial) -> Option<Bytes> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&serial)?;
        entry.live = entry.live.saturating_sub(1);
        if entry.live > 0 {
            return None;
        }
        entries.remove(&serial)?.will
    }

    /// Whether the device speaks MQTT 3.1.1.
    pub(super) fn is_legacy(&self, serial: Serial) -> bool {
        self.entries().get(&serial).is_some_and(|entry| entry.legacy)
    }

    /// Whether a newer connection is taking over an older one.
    pub(super) fn is_taking_over(&self, serial: Serial) -> bool {
        self.entries().get(&serial).is_some_and(|entry| entry.live > 1)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Serial, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_will_counts_only_when_the_last_connection_has_ended() {
        let roster = Roster::default();
        let serial = Serial::from_bits(1);
        let will = |text: &'static str| Some(Bytes::from_static(text.as_bytes()));

        roster.connected(serial, will("old"));
        roster.connected(serial, will("new"));
        assert!(roster.is_taking_over(serial));
        assert_eq!(roster.disconnected(serial), None);
        assert!(!roster.is_taking_over(serial));
        assert_eq!(roster.disconnected(serial), will("new"));
        assert!(roster.entries().is_empty());
    }

    #[test]
    fn the_last_sign_in_decides_the_protocol_version() {
        let roster = Roster::default();
        let serial = Serial::from_bits(1);
        assert!(!roster.is_legacy(serial));
        roster.signed_in(serial, 4);
        assert!(roster.is_legacy(serial));
        roster.signed_in(serial, 5);
        assert!(!roster.is_legacy(serial));
    }
}
