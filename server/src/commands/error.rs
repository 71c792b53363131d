//! Why a device did not answer.

use domain::time::Timestamp;

use crate::error::Error;
use crate::limits::RetryAfter;

/// There is no answer.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The broker says that the device has been gone since then: nothing was sent.
    #[error("the device is away")]
    Away(Timestamp),
    /// It did not answer in time.
    #[error("the device did not answer in time")]
    NoAnswer,
    /// The broker cannot be reached, or has too much to do.
    #[error("the broker cannot be reached")]
    Unreachable,
    /// This device was asked too often.
    #[error("too many commands")]
    Limited(RetryAfter),
    /// The store failed.
    #[error(transparent)]
    Failed(#[from] Error),
}
