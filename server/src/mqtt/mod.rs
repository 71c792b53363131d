//! Two doors into the intake: the broker inside this process, or a link to one outside.
//!
//! Either way a device is told "received" only after its reading is committed: the embedded broker awaits the commit
//! before it answers PUBACK, the link acknowledges to its broker after the commit, and both send the device a list of
//! what is stored (`acks`), which is what lets it forget.

mod accounts;
mod acks;
mod acl;
mod broker;
mod counters;
mod door;
mod health;
mod link;
mod publisher;

pub use accounts::{Accounts, AccountsState, Credential, Gatekeeper, Oracle, Remembered, Standing, Verdict, Wish};
pub use acks::AckSender;
pub use door::{LOG_FILTER, Running, Takers, Vault, start};
pub use health::{DoorState, Health};
pub use publisher::{PublishError, PublishOptions, Publisher};
