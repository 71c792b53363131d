//! What a device does, without a board: sample, keep, publish, forget when the server has it.
//!
//! A state machine with time, network and randomness injected. The ESP32 and the simulator drive
//! the very same code, so whatever loses a reading can be found on a desk.
#![no_std]

extern crate alloc;

mod backoff;
pub mod calendar;
mod chapters;
mod commands;
mod config;
mod device;
pub mod dht22;
pub mod flash;
mod flights;
mod kept;
mod memory;
mod outgoing;
mod reading;
mod ring;
pub mod sampler;
pub mod session;
pub mod sntp;
mod uptime;
pub mod watchdog;

pub use backoff::Cause;
pub use commands::{Action, Incoming};
pub use config::Config;
pub use device::Device;
pub use kept::Kept;
pub use memory::{Memory, Start, Volatile};
pub use outgoing::Outgoing;
pub use reading::{Reading, SensorFailure};
pub use uptime::Uptime;
