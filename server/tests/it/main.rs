//! The whole server, with real clients, real brokers and real databases.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    clippy::large_stack_arrays,
    reason = "a test that fails here says where, stored values come back bit for bit, and payloads are large on purpose"
)]

mod accounts;
mod alerts;
mod auth;
mod commands;
mod crash;
mod deploy;
mod doors;
mod family;
mod faults;
mod fuzz;
mod guards;
mod harness;
mod history;
mod ingest;
mod instances;
mod live;
mod mail;
mod outbox;
mod push;
mod rest;
mod store;
mod ways;
