//! The REST API under `/api/v1`, described by its own `openapi.json`.

mod csv;
mod devices;
mod history;
mod openapi;
mod products;
mod session;

pub use openapi::routes;
