//! Waits for the commits, in the order the messages came, and acknowledges each to the broker.
//!
//! A task of its own: the one that reads hands the next message over while the last ones are being written.

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::gate::{Epoch, Gate};
use crate::ingest::{PendingReceipt, Receipt};

/// A message that has been handed to the intake.
pub(super) struct Unconfirmed {
    pub(super) epoch: Epoch,
    pub(super) packet_id: u16,
    pub(super) receipt: PendingReceipt,
}

/// The queue between the task that reads and this one. It has no limit of its own: it holds what the intake has room
/// for, and what has been stored and is about to be acknowledged.
pub(super) fn channel() -> (UnboundedSender<Unconfirmed>, UnboundedReceiver<Unconfirmed>) {
    mpsc::unbounded_channel()
}

/// Acknowledges until the reading task is gone.
pub(super) async fn run(gate: Gate, mut messages: UnboundedReceiver<Unconfirmed>) {
    while let Some(message) = messages.recv().await {
        match message.receipt.await {
            Receipt::Stored { .. } | Receipt::Refused(_) => {
                gate.confirm(message.epoch, message.packet_id);
            }
            // Not acknowledged: it comes again, to whoever serves next.
            Receipt::Closed => {}
        }
    }
}
