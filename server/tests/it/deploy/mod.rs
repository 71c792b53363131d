//! The configuration files that people are given, with the programs they are for.

mod files;
mod link_tls;
mod nginx;
