//! The promise, under fire: what a device was told is stored, is stored exactly once, and the roll-ups are its sum;
//! whichever process is killed, and whenever. And what people are to be told, they are told.
//!
//! `TEMPLOG_CRASH_ROUNDS` sets how often something is killed (or, in `comeback`, how many come back), `TEMPLOG_CRASH_SEED`
//! repeats a run, `TEMPLOG_CRASH_REPORT` names a file that gets a line of JSON for each round.

mod alerts;
mod cluster;
mod comeback;
mod device;
mod fleet;
mod oracle;
mod outages;
mod pages;
mod rounds;
mod world;
