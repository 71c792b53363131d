//! The secret on the sticker that makes its holder the owner of the device.

use core::fmt;
use core::str::FromStr;

use super::crockford;

/// Twelve Crockford base32 digits (60 bits), printed as `XXXX-XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClaimCode([u8; 12]);

/// Not a claim code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a claim code is twelve letters or digits, as in 8XRM-4T0C-ZV5H")]
pub struct BadClaimCode;

impl ClaimCode {
    /// The code of the lowest 60 bits of `bits`; whoever draws codes brings the randomness.
    pub fn from_bits(bits: u64) -> Self {
        Self(crockford::digits(bits))
    }

    /// The twelve digits without hyphens: what is hashed and compared.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("a claim code holds ASCII only")
    }
}

impl FromStr for ClaimCode {
    type Err = BadClaimCode;

    /// Forgives case, hyphens, spaces and the look-alikes I, L and O.
    fn from_str(text: &str) -> Result<Self, BadClaimCode> {
        let digits = text.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
        crockford::parse(digits).map(Self).ok_or(BadClaimCode)
    }
}

impl fmt::Display for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        write!(f, "{}-{}-{}", &text[..4], &text[4..8], &text[8..])
    }
}

/// Never shows the code: a claim code in a log would be a device given away.
impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(…)")
    }
}
