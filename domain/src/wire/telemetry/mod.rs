//! Readings on the wire: one object, or an array of up to 512 when a device catches up.
//!
//! The usual payload is one object of some 70 bytes and is read in a single pass. Arrays are read
//! tolerantly: one bad item must never cost the good ones beside it.

use alloc::vec::Vec;

use super::Malformed;

mod decode;
mod encode;
mod fields;
mod item;
mod sample;
mod scalar;
mod split;

pub use decode::decode;
pub use encode::encode;
pub use sample::{Body, Sample, SampleId};

/// For every item of a payload the sample, or why it is none.
pub type Items = Vec<Result<Sample, Malformed>>;

/// The most items one payload may hold.
pub const MAX_ITEMS: usize = 512;
