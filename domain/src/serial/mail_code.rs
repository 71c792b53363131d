//! The code somebody reads in a mail and types into the page that waits for it.

use core::fmt;
use core::str::FromStr;

use super::crockford;

/// Eight Crockford base32 digits (40 bits), printed as `XXXX-XXXX`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailCode([u8; 8]);

/// Not a code from a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code is eight letters or digits, as in 7K3F-9Q2M")]
pub struct BadMailCode;

impl MailCode {
    /// The code of the lowest 40 bits of `bits`; whoever draws codes brings the randomness.
    pub fn from_bits(bits: u64) -> Self {
        Self(crockford::digits(bits))
    }

    /// The eight digits without a hyphen: what is hashed and compared.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("a code holds ASCII only")
    }
}

impl FromStr for MailCode {
    type Err = BadMailCode;

    /// Forgives case, hyphens, spaces and the look-alikes I, L and O.
    fn from_str(text: &str) -> Result<Self, BadMailCode> {
        let digits = text.bytes().filter(|byte| !matches!(byte, b'-' | b' '));
        crockford::parse(digits).map(Self).ok_or(BadMailCode)
    }
}

impl fmt::Display for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        write!(f, "{}-{}", &text[..4], &text[4..])
    }
}

/// Never shows the code: in a log it would be an account given away.
impl fmt::Debug for MailCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString as _;

    #[test]
    fn a_code_is_read_however_people_type_it() {
        let code = MailCode::from_bits(0x12_3456_789A);
        let text = code.to_string();
        assert_eq!(text.len(), 9);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', " "),
            format!(" {text} "),
        ] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        assert_eq!("oil0-0000".parse(), "0110-0000".parse::<MailCode>());
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in ["", "7K3F-9Q2", "7K3F-9Q2MX", "7K3F-9Q2U", "７K3F-9Q2M"] {
            assert_eq!(text.parse::<MailCode>(), Err(BadMailCode), "{text}");
        }
    }

    #[test]
    fn a_debug_print_does_not_give_the_code_away() {
        assert_eq!(format!("{:?}", MailCode::from_bits(7)), "MailCode(…)");
    }
}
