//! Whose clock a reading's time comes from.

use crate::time::Timestamp;

/// A device may be this far behind the server: the back-fill of a week without network.
const TRUSTED_PAST_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// A device may be this far ahead of the server: clock drift between two synchronisations.
const TRUSTED_FUTURE_MS: i64 = 2 * 60 * 1000;

/// The moment a reading is filed under, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When the reading was taken, as far as anyone knows.
    pub at: Timestamp,
    /// Whose word `at` is.
    pub source: StampSource,
}

/// Whose clock a [`Stamp`] comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StampSource {
    /// The device's clock, inside the trusted window.
    Device,
    /// The server's clock at reception: the device sent no time.
    Received,
    /// The server's clock at reception: the device sent a time nobody can believe.
    Distrusted,
}

/// Decides a reading's time from what the device claims and when the server received it.
pub fn stamp(claimed: Option<Timestamp>, received: Timestamp) -> Stamp {
    let Some(at) = claimed else {
        return Stamp {
            at: received,
            source: StampSource::Received,
        };
    };
    if (-TRUSTED_PAST_MS..=TRUSTED_FUTURE_MS).contains(&at.since(received)) {
        Stamp {
            at,
            source: StampSource::Device,
        }
    } else {
        Stamp {
            at: received,
            source: StampSource::Distrusted,
        }
    }
}
