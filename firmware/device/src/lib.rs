//! What a device does, without a board: sample, keep, publish, forget when the server has it.
//!
//! A state machine with time, network and randomness injected. The ESP32 and the simulator drive
//! the very same code, so whatever loses a reading can be found on a desk.
#![no_std]

extern crate alloc;

mod backoff;
mod commands;
mod config;
mod device;
mod flights;
mod kept;
mod outgoing;
mod reading;
mod ring;
mod uptime;

pub use backoff::Cause;
pub use commands::{Action, Incoming};
pub use config::Config;
pub use device::Device;
pub use outgoing::Outgoing;
pub use reading::{Reading, SensorFailure};
pub use uptime::Uptime;
