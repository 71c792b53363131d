//! The REST API under `/api/v1`, described by its own `openapi.json`.

mod account;
mod alerts;
mod commands;
mod csv;
mod devices;
mod history;
mod openapi;
mod operations;
mod products;
mod rules;
mod session;
mod tokens;

pub use openapi::routes;
pub use operations::operations;
