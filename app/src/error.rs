//! The closed set of failures a browser may learn about.
//!
//! Whatever goes wrong behind the `Backend` port is folded into one of these, so no internal text can leak to
//! a page.

/// What a page is told when the server cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or the session has ended.
    #[error("sign in first")]
    Unauthenticated,
    /// Signed in, but this needs another role in the household.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or it belongs to somebody else: the same answer on purpose.
    #[error("not found")]
    NotFound,
    /// A value that was sent cannot be accepted.
    #[error("{field}: {reason}")]
    Invalid {
        /// Name of the form field or parameter.
        field: String,
        /// A short reason in English, for developers.
        reason: String,
    },
    /// Somebody else changed it first.
    #[error("conflict")]
    Conflict,
    /// Too many attempts.
    #[error("too many attempts")]
    RateLimited {
        /// Seconds until the next attempt may succeed.
        retry_after: u32,
    },
    /// The server, its database or the network cannot be reached for the moment.
    #[error("unavailable")]
    Unavailable,
    /// A fault of ours; the details are in the server's log.
    #[error("internal error")]
    Internal,
}

impl AppError {
    /// The HTTP status that says the same.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Invalid { .. } => 422,
            Self::Conflict => 409,
            Self::RateLimited { .. } => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}
