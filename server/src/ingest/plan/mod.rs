//! Decides what a batch does to the database, without touching it: batch × device states × look-ups → rows, receipts.
//!
//! First [`questions`] says which rows must be looked up, which in ordinary times are none: a reading newer than all
//! before it cannot be there yet. Then [`plan`] decides everything else in order of arrival.

mod identity;
mod questions;
mod reading;
mod roll_up;
mod status;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use domain::serial::Serial;
use domain::time::Timestamp;

use super::devices::Devices;
use super::message::{Body, Message};
use super::tally::Tally;
use super::{Committed, PresenceHint, Receipt};
use crate::alerts::News;
use crate::db::DeviceId;
use crate::db::readings::Reading;
use crate::db::rejects::Reject;
use crate::db::retimed::Name;
use crate::db::slots::DaySlot;
use crate::db::states::Known;

pub(super) use questions::{Questions, questions};
use reading::Arrived;

/// The rows that were found, and those that this batch has added so far.
#[derive(Debug, Default)]
pub(super) struct Present {
    pub readings: HashSet<(DeviceId, Timestamp)>,
    pub names: HashSet<Name>,
}

/// Rows to write. Device states are changed in place.
#[derive(Debug, Default)]
pub(super) struct Writes {
    /// New rows of `readings`.
    pub readings: Vec<Reading>,
    /// New rows of `retimed`.
    pub names: Vec<(Name, Timestamp)>,
    /// Suspect readings that turned out to be sound.
    pub confirmed: Vec<(DeviceId, Timestamp)>,
    /// Slots that came to their end.
    pub closed: Vec<(DeviceId, DaySlot)>,
    /// Slots whose sums no longer follow from appending: each is named by a moment in it, to be computed from raw rows.
    pub stale: Vec<(Serial, Timestamp)>,
    /// Devices whose row in `devices` has changed.
    pub reported: HashSet<Serial>,
    /// What was not understood.
    pub rejects: Vec<Reject>,
    /// What people have to be told.
    pub news: Vec<News>,
}

/// What to say once it is committed.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// One per message, in order.
    pub receipts: Vec<Receipt>,
    pub committed: Vec<Committed>,
    pub hints: Vec<PresenceHint>,
    pub tally: Tally,
}

/// Decides a batch. `present` holds the answers to [`questions`].
pub(super) fn plan(batch: &[Message], devices: &mut Devices, mut present: Present) -> (Writes, Outcome) {
    let mut writes = Writes::default();
    let mut outcome = Outcome::default();
    for message in batch {
        let receipt = match devices.get_mut(message.serial) {
            Some(known) if known.household.is_none() && !matches!(message.body, Body::Status { .. }) => {
                outcome.tally.unclaimed += 1;
                Receipt::Refused("nobody has claimed this device")
            }
            Some(known) => decide(message, known, &mut present, &mut writes, &mut outcome),
            None => {
                outcome.tally.unknown_device += 1;
                Receipt::Refused("unknown device")
            }
        };
        outcome.receipts.push(receipt);
    }
    (writes, outcome)
}

fn decide(
    message: &Message,
    known: &mut Known,
    present: &mut Present,
    writes: &mut Writes,
    outcome: &mut Outcome,
) -> Receipt {
    match &message.body {
        Body::Telemetry { items, excerpt } => {
            known.state.seen_at = Some(message.received);
            let mut rejected = 0;
            let alone = items.len() == 1;
            for (position, item) in items.iter().enumerate() {
                match item {
                    Ok(sample) => {
                        let sample = Arrived {
                            sample,
                            received: message.received,
                            alone,
                        };
                        reading::take(&sample, known, present, writes, outcome);
                    }
                    Err(why) => {
                        rejected += 1;
                        let reason = format!("item {}: {}", position + 1, why.reason);
                        writes.rejects.push(reject(message, known, reason, excerpt.as_deref()));
                    }
                }
            }
            outcome.tally.rejected += rejected;
            Receipt::Stored {
                accepted: items.len() - rejected,
                rejected,
            }
        }
        Body::Status { status, retained } => {
            outcome
                .hints
                .push(status::take(status, *retained, message.received, known, writes));
            Receipt::Stored {
                accepted: 1,
                rejected: 0,
            }
        }
        Body::Malformed { why, excerpt } => {
            outcome.tally.rejected += 1;
            writes
                .rejects
                .push(reject(message, known, why.reason.to_owned(), Some(excerpt)));
            Receipt::Refused(why.reason)
        }
    }
}

fn reject(message: &Message, known: &Known, reason: String, excerpt: Option<&str>) -> Reject {
    Reject {
        device: known.id,
        at: message.received,
        reason,
        excerpt: excerpt.unwrap_or_default().to_owned(),
    }
}
