//! Web Push: what people are told on their devices while no page is open.
//!
//! A browser gives us an address at its push service and a key of its own ([`Address`]). [`Herald`] encrypts a
//! [`Message`] for that browser alone (RFC 8291), signs who we are (RFC 8292) and hands it to the service (RFC 8030).
//! Nobody pushes from here directly: messages go into the [outbox](crate::outbox), and its worker sends them.

mod address;
mod encrypt;
mod herald;
mod message;
mod network;
mod vapid;

pub use address::{Address, Unfit};
pub use herald::{Herald, Undelivered};
pub use message::{Button, Envelope, Message, Urgency};
pub use vapid::Vapid;
