//! One measurement: when it was taken, and whether the sensor can be believed.

mod fault;
mod gate;
mod stamp;

pub use fault::{Fault, Measured};
pub use gate::{Gate, Verdict, judge};
pub use stamp::{Stamp, StampSource, stamp};
