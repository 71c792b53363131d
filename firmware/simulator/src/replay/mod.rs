//! Recorded rooms played by devices.

mod connection;
mod fault;
mod player;
mod recording;
mod room;
mod run;

pub use fault::Fault;
pub use run::run;
