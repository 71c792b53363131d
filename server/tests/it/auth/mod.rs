//! Who gets in, how long they stay, and who does not.

mod cross_site;
mod limits;
mod sessions;
mod sign_in;
mod tokens;
