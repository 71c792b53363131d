//! The rules of a home climate, tested as an outsider sees them: one binary, one module per rule.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::cast_precision_loss, reason = "the numbers of these tests are small")]

mod ack;
mod alert;
mod climate;
mod command;
mod gate;
mod light;
mod presence;
mod rollup;
mod serial;
mod stamp;
mod status;
mod telemetry;
mod telemetry_hostile;
mod topic;
mod trend;
