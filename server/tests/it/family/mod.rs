//! Who lives with which devices: asked in, made something else, out again.

mod home;
mod inviting;
mod leaving;
mod roles;
mod rooms;
