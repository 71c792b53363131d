//! Web Push: from a reading to a browser that nobody is looking at.

mod delivery;
mod keys;
mod pages;
mod rig;
mod setbacks;
