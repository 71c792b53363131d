//! What people type from a sticker or a mail: a device's serial, the code that proves who bought it, and the code that
//! proves whose address it is.

mod claim_code;
mod crockford;
mod mail_code;
mod number;

pub use claim_code::{BadClaimCode, ClaimCode};
pub use mail_code::{BadMailCode, MailCode};
pub use number::{BadSerial, Serial};
