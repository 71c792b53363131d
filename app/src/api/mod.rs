//! The contract between browser and server: one file per noun with its DTOs and server functions.

pub mod charts;
pub mod live;
pub mod rooms;
