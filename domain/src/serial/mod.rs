//! The two names printed on a device: its serial, and the code that proves who bought it.

mod claim_code;
mod crockford;
mod number;

pub use claim_code::{BadClaimCode, ClaimCode};
pub use number::{BadSerial, Serial};
