//! The first minutes of a device: it opens an access point of its own, and whoever joins sees one page.
//!
//! Everything a phone meets there is decided here, without a board: the answer to its DNS questions (`dns`), to its
//! HTTP requests (`answer`), the page in two languages (`page`), and what may be stored (`settings`). The ESP32 and the
//! simulator bring the sockets.
#![no_std]

extern crate alloc;

mod answer;
pub mod dns;
mod form;
mod page;
mod request;
mod settings;

pub use answer::{Answer, Network, Portal};
pub use request::{MAX_REQUEST_BYTES, Request, Unreadable};
pub use settings::{Broker, Credentials, Field, Flaw, Settings};

/// The access point's own address, where the page is.
pub const ADDRESS: [u8; 4] = [192, 168, 4, 1];
