//! The intake on both databases, from payload to receipt.

mod batches;
mod gate;
mod identity;
mod now;
mod outage;
mod rejects;
pub mod rig;
mod slots;
mod status;
