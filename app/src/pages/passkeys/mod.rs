//! The two pages that ask the browser for a passkey: a new one, and one that opens the account.

mod enrolment;
mod proof;

pub use enrolment::PasskeyPage;
pub use proof::SignInPasskeyPage;
