//! Everything that answers HTTP: pages, forms, REST, the live socket, files, health and metrics.
//!
//! A request passes, from outside in: where it comes from, security headers and nonce, compression, the cross-site
//! check, the session. Files and health checks skip the session, so they need no database.

mod api;
mod asker;
mod broker;
mod client;
mod csrf;
mod download;
mod edition;
mod extract;
mod files;
mod forms;
mod health;
mod local_path;
mod metrics;
mod pages;
mod patience;
mod problem;
mod refusal;
mod router;
mod seats;
mod security;
mod serve;
mod session;
mod socket;
mod state;
mod throttle;
mod worker;

pub use router::router;
pub use serve::{Hospitality, serve};
pub use state::AppState;
