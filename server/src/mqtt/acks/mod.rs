//! Tells devices which of their readings are stored, so that they may forget them.
//!
//! The first acknowledgement leaves at once, later ones at most one per device and second: a device that sends ten
//! readings a second hears ranges, not ten messages. An acknowledgement may be lost at any time; the device sends
//! again, the intake absorbs it, and it is acknowledged again.

mod due;
mod ledger;
mod sender;

pub use sender::AckSender;
