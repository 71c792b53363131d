//! The two ways mail leaves: an encrypted line to a mail server, or a folder that the developers' mailbox shows.

mod lines;
mod mailbox;
