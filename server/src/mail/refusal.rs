//! Why a mail did not leave, sorted by what to do about it.

/// The reason is a short English text for the operator; it holds no content of the mail and no password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Worth trying again.
    #[error("{0}")]
    Later(String),
    /// This mail will never be taken.
    #[error("{0}")]
    Never(String),
}
