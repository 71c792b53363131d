//! What server and pages, and pages and browser, tell each other: one file per noun.

pub mod live;
pub mod rooms;
