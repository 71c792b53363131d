//! Keeps the accounts of Mosquitto (2.0 or newer, plugin "dynamic security") equal to the database.
//!
//! Nobody edits a password file: the plugin takes commands over MQTT (`$CONTROL/dynamic-security/v1`). The rules:
//! - The database is the truth, and is written first. A row waits (`devices.pending`) until the broker has confirmed it,
//!   so nothing is lost by a broker that is down, a server that dies, or another server that made the change.
//! - A device is one client, bound to its serial as client id, with one role of its own: version 2.0 knows no `%u`. The
//!   role denies everything else by itself, whatever the broker's defaults are ([`wanted`]).
//! - Nothing is changed that need not be, because any change of a client cuts its connection: what is there is read
//!   first, and read again afterwards ([`settle`]).
//! - At every connect and every hour everything is compared: a broker may have been given an old file, or an empty one,
//!   or may be unable to write it. The password itself cannot be read back; a mark beside it tells its generation.
//! - Accounts of devices we do not know are told to the operator and left alone.
//! - A password is never logged, nor is any payload that holds one.

mod admission;
mod line;
mod settle;
mod wanted;
mod wire;
mod worker;

pub(in crate::mqtt) use admission::start;

#[cfg(test)]
mod tests;
