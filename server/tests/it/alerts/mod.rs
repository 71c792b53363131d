//! From a reading to a letter: exactly once, whatever breaks in between.

mod engine;
mod letters;
mod outages;
mod pages;
mod readers;
mod rest;
mod restarts;
pub mod rig;
mod storms;
mod weeks;
