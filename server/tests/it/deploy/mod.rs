//! The configuration files that people are given, with the programs they are for.

mod backups;
mod containers;
mod files;
mod link_tls;
mod names;
mod nginx;
mod self_contained;
