//! A bare publisher that measures a server: so many readings a second, due by the clock, and a record of what became of
//! each.
//!
//! It is open-loop: a server that is slow makes readings late, and their latency counts from when they were due, not
//! from when there was room to send them (no coordinated omission).

mod connection;
mod journal;
mod ledger;
mod plan;
mod report;
mod run;
mod session;
mod wire;

pub use run::run;
