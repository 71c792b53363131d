//! People have devices do things: by both doors, on both databases, with the device's own code at the other end.

mod asking;
mod instances;
mod lamp;
mod old_protocol;
mod refused;
mod rig;
mod settings;
