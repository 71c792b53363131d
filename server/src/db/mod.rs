//! The store: the only place that knows SQL. One file per table, verbs `find_` `list_` `insert_` `update_` `delete_`.

pub mod audit_events;
mod bulk;
pub mod codes;
mod columns;
mod connect;
pub mod devices;
mod dialect;
pub mod history;
pub mod households;
pub mod identities;
mod ids;
mod memory;
pub mod outbox;
mod pack;
pub mod product_orders;
pub mod provisions;
pub mod readings;
pub mod recovery_codes;
pub mod rejects;
pub mod retimed;
pub mod sales;
pub mod sessions;
pub mod sign_in_steps;
pub mod slots;
pub mod states;
pub mod tokens;
pub mod totps;
mod trouble;
pub mod users;

pub use connect::{Db, Tx, sqlite_url};
pub use dialect::Dialect;
pub use ids::{DeviceId, HouseholdId, UserId};
pub use trouble::{Trouble, wrong_address};
