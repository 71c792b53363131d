//! Alerts: from a reading that breaks a rule to a person who knows of it.
//!
//! [`observe`] asks a device's rules (`domain::alert`) inside the reading's own transaction; [`Bell::ring`] writes the
//! alert and its letters into the same one, so that neither exists without the other. What no reading brings about,
//! a hold time that runs out, a device that goes quiet, a reminder, the [`clockwork`] does, in the same way.
//!
//! Everybody is told by the ways they chose: a mail, and a message to each of their browsers that was switched on.
//!
//! Storms: letters of one home to one person that nobody has tried to send yet become one letter.

mod ack;
mod bell;
pub mod clockwork;
mod content;
mod keeper;
mod lamp;
mod letter;
mod links;
mod observe;
mod quiet;
mod rehearsal;
mod words;

pub use ack::{AckError, Letter, acknowledge, acknowledge_letter, find_letter, note_opened};
pub use bell::Bell;
pub use keeper::{Keeper, Wanted};
pub use links::AckLinks;
pub use observe::{News, observe};
pub use rehearsal::rehearse_week;
pub use words::{Reader, Tale, sentence};
