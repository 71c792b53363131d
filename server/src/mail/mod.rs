//! Mail: what people are told in writing, and the two ways it leaves the house.
//!
//! Nobody sends mail from here directly: letters go into the [outbox](crate::outbox), and its worker sends them.

pub mod config;
mod folder;
mod language;
mod letters;
pub mod mailbox;
mod mailer;
mod message;
mod refusal;
mod smtp;
mod template;
mod way_change;

pub use config::{MailConfig, Sender, SmtpUrl, Transport};
pub use language::Language;
pub use letters::{Mail, Rendered};
pub use mailer::Mailer;
pub use message::{Outgoing, is_address};
pub use refusal::Refusal;
pub use smtp::Patience;
pub use way_change::WayChange;
