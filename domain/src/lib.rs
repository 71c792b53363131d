//! What a home climate is: pure rules that run unchanged on server, browser and ESP32.
//!
//! Nothing in here does I/O, asks the time or rolls dice: now is always an argument, so every
//! decision can be replayed and every test is exact.
#![no_std]

extern crate alloc;

pub mod alert;
pub mod climate;
pub mod presence;
pub mod reading;
pub mod rollup;
pub mod serial;
pub mod time;
pub mod trend;
pub mod wire;
