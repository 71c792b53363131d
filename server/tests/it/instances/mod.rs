//! Several servers on one database, one broker and one Redis: any of them takes a reading, any of them shows it.

mod duties;
mod limits;
mod pages;
pub mod pair;
mod readings;
