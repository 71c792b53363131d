//! The link to an outside broker: MQTT 5, one persistent session, packets encoded by crate `rumqttc`.
//!
//! A message is acknowledged to the broker only after the intake has committed it, so whatever was in the air when
//! this process died comes again. The rules that keep it so, each of them a trap somebody has stepped into:
//! - Reading and writing never wait for each other ([`actor`]). The crate's own event loop writes one packet for each
//!   ten it reads; behind a backlog, acknowledgements then pile up until the connection has to be given up. Here all
//!   acknowledgements of a commit leave in one piece.
//! - An acknowledgement belongs to the connection its message came by ([`gate`]): a later connection may have given
//!   the packet id to another message.
//! - When the intake is full, or acknowledgements wait, reading stops, and so TCP tells the broker. Nothing is dropped.
//!   Receive Maximum alone does not do it: Mosquitto 2.0.11 exceeds it.
//! - Subscriptions are made again on every connect, and the broker's answer to each is looked at.
//! - A broker that is silent for one and a half keep-alive periods is gone, whatever TCP believes ([`wire`]).
//! - Reconnecting waits ever longer, at random ([`backoff`]), and longest after refused credentials.

mod actor;
mod air;
mod backoff;
mod confirm;
mod gate;
mod inbound;
mod options;
mod start;
mod trouble;
mod wire;

pub(super) use options::visitor_options;
pub(super) use start::start;
