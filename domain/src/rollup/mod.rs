//! Time-weighted averages of 2-hour slots: mergeable, and exactly as the contract writes them.
//!
//! Inside a slot, with its readings in order of `at`, reading *i* weighs
//! `min(at[i+1] − at[i], cap, end − at[i])` and the last one `min(cap, end − at)`;
//! `avg = Σ value·weight / Σ weight`. A sensor that reports twice as often for an hour therefore
//! does not count twice, and a gap counts for nothing.

mod aggregate;
mod open_slot;
mod slot;

pub use aggregate::{Aggregate, Rollup};
pub use open_slot::{Last, OpenSlot, OutOfOrder, Tail};
pub use slot::{Slot, cap_ms};
