//! Table `outbox`: messages to people, from the transaction that caused them until a mail server has accepted them.
//!
//! `next_at` is when a queued letter is due. Whoever sends it moves `next_at` to the end of their claim, so a letter
//! whose sender died becomes due by itself, and "what is due next" is one look into one index.

mod backlog;
mod ledger;
mod pulse;
mod queue;
mod rows;
mod unsent;

pub use backlog::{Backlog, find_backlog};
pub use ledger::{Entry, delete_letters_to, delete_settled, find_entry, find_last_to, list_entries, list_entries_to};
pub use pulse::is_flowing;
pub use queue::{
    find_next_due, insert_letter, list_due, update_claim, update_claimed, update_requeued, update_settled,
};
pub use rows::{Channel, Claim, Letter, NewLetter, State};
pub use unsent::{delete_unsent, find_unsent, update_unsent};
