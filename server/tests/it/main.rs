//! The whole server, with real clients, real brokers and real databases.

mod auth;
mod crash;
mod doors;
mod fuzz;
mod harness;
mod history;
mod ingest;
mod live;
mod mail;
mod outbox;
mod rest;
mod store;
