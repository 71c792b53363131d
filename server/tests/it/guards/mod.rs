//! What protects people from each other and from strangers, held against the table of all routes.

mod clients;
mod complete;
mod cross_site;
mod headers;
pub mod table;
mod tenants;
pub mod world;
