//! Both doors, with real clients: what is let in, what is refused and how, and that an acknowledgement means stored.

mod acks;
mod clients;
mod connecting;
mod identity;
mod link;
mod presence;
mod publishing;
pub mod raw;
mod rules;
pub mod site;
mod sketches;
