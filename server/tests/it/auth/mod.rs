//! Who gets in, how long they stay, and who does not.

mod limits;
mod sessions;
mod sign_in;
mod tokens;
