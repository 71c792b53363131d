//! Everything that answers HTTP: pages, forms, REST, the live socket, files, health and metrics.
//!
//! A request passes, from outside in: security headers and nonce, compression, the cross-site
//! check, the session. Files and health checks skip the session, so they need no database.

mod api;
mod csrf;
mod extract;
mod files;
mod forms;
mod health;
mod local_path;
mod metrics;
mod pages;
mod problem;
mod router;
mod security;
mod session;
mod socket;
mod state;

pub use router::router;
pub use state::AppState;
