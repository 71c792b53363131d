//! Who gets in, how long they stay, and who does not.

pub mod limits;
mod sessions;
mod sign_in;
mod tokens;
