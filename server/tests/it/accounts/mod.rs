//! Accounts as people make and keep them: by pages, forms and mails, on both databases.

mod by_smtp;
mod codes;
mod export;
mod farewell;
mod reset;
mod rig;
mod settings;
mod sign_up;
mod theft;
