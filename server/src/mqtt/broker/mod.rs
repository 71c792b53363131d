//! The embedded broker: crate `mqtt5`, MQTT 3.1.1 and 5 on one port, behind our own door.
//!
//! The crate is young and breaks often, so nothing of it leaves this folder. Why it is used the way it is:
//! - A publish waits in [`hook`] until the intake has committed it, and only then is PUBACK sent.
//! - Everything is kept in memory: what must survive is in the database before the device hears "received".
//! - The crate answers a refused 3.1.1 publish with a malformed, version-5 PUBACK, on which some clients drop the
//!   link and try again for ever. So no publish of a 3.1.1 client is ever refused that way: [`doorkeeper`] lets it
//!   pass and [`hook`] swallows it. For the same reason no limit that is answered that way is set (`settings`).

mod attempts;
mod cutter;
mod doorkeeper;
mod hook;
mod outlet;
mod roster;
mod settings;
mod start;

pub(super) use start::start;
