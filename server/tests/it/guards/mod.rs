//! What protects people from each other and from strangers, held against the table of all routes.

mod canary;
mod clients;
mod complete;
mod cross_site;
mod headers;
mod promises;
mod roles;
pub mod table;
mod tenants;
mod throttle;
mod timing;
mod work;
pub mod world;
