//! What happens to a reading: decode → stamp → gate → group commit → receipt → listeners.
//!
//! 1. A door (see [`crate::mqtt`]) hands over a payload: [`Intake`] decodes it and puts it into a bounded queue. A full
//!    queue makes the door wait; nothing is ever dropped.
//! 2. The [`committer`] takes what has gathered, a few milliseconds' worth at most, as one batch.
//! 3. Inside one transaction ([`commit`]) it locks the devices, looks up which readings are already there, and lets
//!    [`plan`] decide: a pure function from batch and device states to rows and receipts.
//! 4. After COMMIT, and never before, the [`Listener`]s are told (acknowledgements to devices, live values to browsers)
//!    and the receipts given out.
//!
//! A reading is counted once however often it is delivered. A batch is retried until the database takes it.

mod backoff;
mod commit;
mod committer;
mod devices;
mod health;
mod intake;
mod listener;
mod message;
mod plan;
mod receipt;
mod recompute;
mod replay;
mod tally;

pub use crate::calibration::calibrated;
pub use committer::start;
pub use health::IntakeHealth;
pub use intake::Intake;
pub use listener::{Committed, Listener, Now, PresenceHint};
pub use receipt::{PendingReceipt, Receipt};
pub use replay::replay;
