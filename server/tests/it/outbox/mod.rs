//! The outbox against a mail server that may refuse, dawdle or hang up, and against its own death: nothing is lost,
//! and nothing is sent twice outside the one window that cannot be closed.

mod claims;
mod crashes;
mod delivery;
mod retries;
pub mod rig;
mod running;
