//! The outbox: messages to people survive everything between the decision to send them and a mail server's "250", or a
//! push service's "201".
//!
//! Whoever decides that somebody must be told calls [`enqueue`] in the very transaction that made it true, and
//! [`Outbox::wake`] after the commit. The [`Worker`] claims a letter for a short time, sends it and writes down what
//! came of it; what fails for now is tried again later, what fails for good stays visible among the [`dead_letters`].
//!
//! A letter is sent at least once. It is sent twice only if the server dies (or loses the database) between a mail
//! server's acceptance and our note of it; both copies then carry the same `Message-ID`. Any number of servers may
//! work on one outbox.

mod attempt;
mod backoff;
mod by_push;
mod carrier;
mod counters;
mod enqueue;
mod policy;
mod worker;

pub use crate::db::outbox::{Entry, State, delete_letters_to, find_entry};
pub use by_push::recipient_of;
pub use carrier::Carrier;
pub use enqueue::{Enqueued, Parcel, Post, enqueue, enqueue_for, rewrite};
pub use policy::Policy;
pub use worker::{Outbox, Worker, dead_letters, start};
