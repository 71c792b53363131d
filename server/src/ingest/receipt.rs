//! The answer to a message: given only after COMMIT.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Committed. Readings that were there already count as accepted; items that make no sense are rejected.
    Stored {
        /// Readings that are now in the database.
        accepted: usize,
        /// Items that were not understood; they are kept for the device's owner to see.
        rejected: usize,
    },
    /// Understood as a whole that it will never be accepted; sending it again is pointless.
    Refused(&'static str),
    /// The server is stopping and has not stored it: send it again later.
    Closed,
}

/// A [`Receipt`] that will be there after COMMIT. Dropping it does not take the message back.
#[derive(Debug)]
pub struct PendingReceipt(pub(super) Option<oneshot::Receiver<Receipt>>);

impl Future for PendingReceipt {
    type Output = Receipt;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Receipt> {
        match &mut self.0 {
            Some(receiver) => Pin::new(receiver)
                .poll(context)
                .map(|receipt| receipt.unwrap_or(Receipt::Closed)),
            None => Poll::Ready(Receipt::Closed),
        }
    }
}
