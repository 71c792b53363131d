//! From a reading to a letter: exactly once, whatever breaks in between.

mod engine;
mod letters;
mod restarts;
pub mod rig;
