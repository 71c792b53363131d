//! The TempLog server: the only crate that knows SQL, MQTT and HTTP.
//!
//! Layers, each importing only to its right:
//! `server → {http, vitals} → commands → {mqtt, relay} → {live, replies} → {ingest → alerts, accounts} → auth → {outbox, limits, duty} → {db, mail, push} → {config, clock, error} → domain`.

pub mod accounts;
pub mod alerts;
pub mod auth;
pub mod backend;
pub mod calibration;
pub mod claims;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod demo;
pub mod duty;
pub mod error;
pub mod export;
pub mod family;
pub mod heartbeat;
pub mod history;
pub mod http;
pub mod ingest;
pub mod lifecycle;
pub mod limits;
pub mod listening;
pub mod live;
pub mod mail;
pub mod mqtt;
pub mod outbox;
pub mod products;
pub mod push;
pub mod qr;
pub mod relay;
pub mod replies;
pub mod retention;
pub mod rooms;
pub mod seal;
pub mod server;
pub mod site;
pub mod subcommands;
pub mod vitals;
pub mod ways;
pub mod zone;
