//! What people and rules have devices do.
//!
//! A question ([`Commander::ask`]) is published once, with a response topic and an id, and waits ten seconds for its
//! answer ([`crate::replies`]). A setting, and a lamp that a rule switches, is an errand: a row that is kept until the
//! device has confirmed it. The [`courier`] tells the device again and again, at once when it comes back, and of each
//! kind only the latest; each attempt has an id of its own, because a device does and answers an id only once.
//!
//! An interval is ours when the device has confirmed it: then it goes the way of everything a device says of itself,
//! through the intake, so that averages weigh by what the device really does.

mod commander;
mod courier;
mod error;

pub use commander::{Commander, PATIENCE};
pub use courier::{Carrier, Courier};
pub use error::CommandError;
