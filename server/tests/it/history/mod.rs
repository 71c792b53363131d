//! Today, the last day at a glance and any stretch of days, on both databases.

mod answers;
mod recorded;
