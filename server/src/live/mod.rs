//! What open pages are told while it happens: the hub between the intake and every socket.
//!
//! A socket watches the devices of its household. What it has not read yet is kept as one latest
//! state per device, so a slow reader costs a bounded amount of memory and never holds up anybody.

mod glimpse;
mod hub;
mod listener;
mod mailbox;
mod roll;
mod socket;

pub use glimpse::{DeviceView, Glimpse};
pub use hub::{Hub, Move, Subscription};
pub use roll::Roll;
pub use socket::{Live, MAX_MESSAGE_BYTES};
