//! Cables that fail in every way cables fail: between the server and its database, its broker, its Redis, its mail
//! server; and a disk that is full. Nothing panics, nothing is acknowledged that is not stored, `/readyz` tells, and
//! everything goes on by itself.

mod broker;
mod database;
mod disk;
mod mail;
mod redis;
mod rig;
