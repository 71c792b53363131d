//! Why a payload was refused, in words its sender's owner can act on.

/// A payload, or one item of it, that is not what the contract says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Malformed {
    /// Short English text, at most 120 characters.
    pub reason: &'static str,
}

impl Malformed {
    pub(crate) const fn because(reason: &'static str) -> Self {
        Self { reason }
    }
}

/// The text of a payload, if it may be looked at at all.
pub(crate) fn text(payload: &[u8]) -> Result<&str, Malformed> {
    if payload.len() > super::MAX_PAYLOAD_BYTES {
        return Err(Malformed::because("larger than 64 KiB"));
    }
    core::str::from_utf8(payload).map_err(|_| Malformed::because("not UTF-8"))
}
