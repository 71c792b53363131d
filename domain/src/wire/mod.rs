//! MQTT topics and payloads: the only place that knows their spelling.
//!
//! Both ends of the wire run this code, so what a device writes is what the server reads.

pub mod ack;
pub mod command;
mod malformed;
pub mod status;
pub mod telemetry;
pub mod topic;

pub use malformed::Malformed;

/// The largest payload anyone accepts, bytes.
pub const MAX_PAYLOAD_BYTES: usize = 64 * 1024;
