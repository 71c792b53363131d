//! Recorded rooms played by devices.

mod connection;
mod player;
mod recording;
mod room;
mod run;

pub use run::run;
