//! The simulator as its users run it: the real program, a real Mosquitto, and a model of the server behind it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod load;
mod mosquitto;
mod replay;
mod server;
mod workshop;
