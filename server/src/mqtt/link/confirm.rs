//! Waits for the commits, in the order the messages came, and acknowledges each to the broker.
//!
//! A task of its own: the one that polls must not wait, or nothing it is asked to send would leave.

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::gate::{Epoch, Gate};
use crate::ingest::{PendingReceipt, Receipt};

/// A message that has been handed to the intake.
pub(super) struct Unconfirmed {
    pub(super) epoch: Epoch,
    pub(super) packet_id: u16,
    pub(super) receipt: PendingReceipt,
}

/// The queue between the task that polls and this one. It has no limit of its own, because the polling task must never
/// wait for this one; but it cannot grow beyond what the intake's bounded queue holds plus one entry for each packet
/// id, of which there are 65,535.
pub(super) fn channel() -> (UnboundedSender<Unconfirmed>, UnboundedReceiver<Unconfirmed>) {
    mpsc::unbounded_channel()
}

/// Acknowledges until the polling task is gone.
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
