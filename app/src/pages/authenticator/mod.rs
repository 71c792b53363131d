//! The pages of the authenticator app: the code on the way in, enrolling the app, and the recovery codes.

mod code;
mod enrolment;
mod recovery;

pub use code::SignInCodePage;
pub use enrolment::AuthenticatorPage;
pub use recovery::RecoveryCodesPage;
