//! Who may connect. The truth is the database; this is how the broker learns of it, whichever broker it is.
//!
//! The embedded broker asks for every connection ([`Accounts`]), and is only told to cut the ones that an old password
//! opened. A broker outside keeps accounts of its own, which [`dynsec`] keeps equal to the database, or asks too
//! ([`Oracle`]). Either way the rest of the server says one thing, after the store has changed: [`Gatekeeper::changed`].

mod credential;
pub(super) mod dynsec;
mod gatekeeper;
mod oracle;
mod remembered;

pub use credential::{Accounts, Credential};
pub(super) use credential::{Unknown, identify};
pub(super) use gatekeeper::Admission;
pub use gatekeeper::{AccountsState, Gatekeeper, Standing};
pub(super) use oracle::Asked;
pub use oracle::{Oracle, Verdict, Wish};
pub use remembered::Remembered;
