//! The device logic on a desk: one room or ten thousand, replaying recorded rooms.
//!
//! A simulated device runs the code of the real one (crate `device`) and differs from it in two things: its sensor is a
//! recording, and its network is this machine's. `load` is another matter: a bare publisher that measures a server.

mod account;
mod broker;
pub mod cli;
mod clock;
mod load;
mod portal;
mod replay;
mod stop;
