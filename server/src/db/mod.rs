//! The store: the only place that knows SQL. One file per table, verbs `find_` `list_` `insert_` `update_` `delete_`.

mod bulk;
mod connect;
mod dialect;
mod ids;
mod trouble;

pub use connect::{Db, Tx, sqlite_url};
pub use dialect::Dialect;
pub use ids::{DeviceId, HouseholdId, UserId};
pub use trouble::Trouble;
