//! What can go wrong inside the server, and the little of it that a browser is told.
//!
//! The conversion to [`AppError`] is the one place that logs, so that every fault is written down exactly once.

use app::error::AppError;

/// Short for the results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure inside the server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, or cannot be reached.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value that no version of this program writes.
    #[error("corrupt {what}: {detail}")]
    Corrupt {
        /// Table and column.
        what: &'static str,
        /// What was found there.
        detail: String,
    },
    /// No such thing, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// This needs another role.
    #[error("not allowed")]
    Forbidden,
    /// A value from outside cannot be accepted.
    #[error("{field}: {reason}")]
    Invalid {
        /// Name of the parameter.
        field: &'static str,
        /// A short reason in English.
        reason: String,
    },
    /// Somebody else changed it first, or it exists already.
    #[error("conflict")]
    Conflict,
    /// A setting is wrong; the text names it and shows an example.
    #[error("{0}")]
    Config(String),
    /// A file or a socket failed.
    #[error("{context}: {source}")]
    Io {
        /// What was being done.
        context: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server is stopping.
    #[error("shutting down")]
    Closed,
}

impl Error {
    /// Whether the same request may succeed a little later.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Db(error) => crate::db::Trouble::of(error) != crate::db::Trouble::Data,
            Self::Closed => true,
            _ => false,
        }
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Conflict => Self::Conflict,
            Error::Forbidden => Self::Forbidden,
            Error::Invalid { field, reason } => Self::Invalid {
                field: field.to_owned(),
                reason,
            },
            fault if fault.is_outage() => {
                tracing::warn!(error = %fault, "answered \"unavailable\"");
                Self::Unavailable
            }
            fault => {
                tracing::error!(error = %fault, "answered \"internal error\"");
                Self::Internal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_never_learns_what_broke() {
        let fault = Error::Corrupt {
            what: "devices.zone",
            detail: "Mars/Olympus".to_owned(),
        };
        assert_eq!(AppError::from(fault), AppError::Internal);
    }

    #[test]
    fn a_lost_database_reads_as_unavailable() {
        assert_eq!(
            AppError::from(Error::Db(sqlx::Error::PoolTimedOut)),
            AppError::Unavailable
        );
    }
}
