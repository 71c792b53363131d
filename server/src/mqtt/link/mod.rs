//! The link to an outside broker: crate `rumqttc`, MQTT 5, one persistent session.
//!
//! A message is acknowledged to the broker only after the intake has committed it, so whatever was in the air when
//! this process died comes again. The rules that keep it so, each of them a trap somebody has stepped into:
//! - The task that polls ([`actor`]) never awaits the client it polls for; acknowledgements are handed over by
//!   [`confirm`], without waiting, through a queue that is large enough for every packet id there is ([`gate`]).
//! - An acknowledgement belongs to the connection its message came by ([`gate`]): a later connection may have given
//!   the packet id to another message.
//! - When the intake is full, polling stops, and so TCP tells the broker. Nothing is dropped. Receive Maximum alone
//!   does not do it: Mosquitto 2.0.11 exceeds it.
//! - Subscriptions are made again on every connect, and the broker's answer to each is looked at.
//! - Reconnecting waits ever longer, at random ([`backoff`]), and longest after refused credentials.

mod actor;
mod backoff;
mod confirm;
mod gate;
mod inbound;
mod options;
mod start;
mod trouble;

pub(super) use options::visitor_options;
pub(super) use start::start;
