//! The store on both databases: schema, products, retention, the demo household.

mod claims;
mod demo;
mod products;
mod retention;
pub mod rig;
mod schema;
mod vitals;
