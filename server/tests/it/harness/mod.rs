//! What tests stand on: the server itself, real brokers and databases, and people with browsers.

pub mod authenticator;
pub mod browser;
pub mod dynsec;
pub mod flashed;
pub mod kakao;
pub mod mariadb;
pub mod mosquitto;
pub mod post;
pub mod process;
pub mod push_browser;
pub mod push_service;
pub mod redis;
pub mod routes;
pub mod smtp;
pub mod test_app;
pub mod wire;
