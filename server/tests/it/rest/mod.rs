//! What programs and pages are answered: shapes, errors, headers; and that nobody sees another household.

mod devices;
mod files;
mod handover;
mod health;
mod heartbeat;
mod history;
mod mariadb;
mod openapi;
mod operator;
mod pages;
mod problems;
mod products;
mod program;
mod release;
