//! A device's serial: its name on the sticker, its MQTT username and its topic.

use core::fmt;
use core::str::FromStr;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::crockford;

const PREFIX: &[u8; 3] = b"TL-";

/// `TL-` and eight Crockford base32 digits, as in `TL-7K3F9Q2M`; always held in canonical form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 11]);

/// Not a serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a serial is TL- and eight letters or digits, as in TL-7K3F9Q2M")]
pub struct BadSerial;

impl Serial {
    /// The serial of the lowest 40 bits of `bits`; whoever draws serials brings the randomness.
    pub fn from_bits(bits: u64) -> Self {
        Self::from_digits(crockford::digits(bits))
    }

    /// Reads a serial only in its canonical spelling.
    ///
    /// Topics and user names are compared by the broker byte by byte, so there a second spelling
    /// of the same serial must not exist.
    pub fn from_canonical(text: &str) -> Result<Self, BadSerial> {
        let serial: Self = text.parse()?;
        if serial.as_str() == text {
            Ok(serial)
        } else {
            Err(BadSerial)
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).expect("a serial holds ASCII only")
    }

    fn from_digits(digits: [u8; 8]) -> Self {
        let mut text = [0; 11];
        text[..3].copy_from_slice(PREFIX);
        text[3..].copy_from_slice(&digits);
        Self(text)
    }
}

impl FromStr for Serial {
    type Err = BadSerial;

    /// Forgives case and the look-alikes I, L and O, because people type this from a sticker.
    fn from_str(text: &str) -> Result<Self, BadSerial> {
        let bytes = text.as_bytes();
        let (prefix, digits) = bytes.split_at_checked(PREFIX.len()).ok_or(BadSerial)?;
        if !prefix.eq_ignore_ascii_case(PREFIX) {
            return Err(BadSerial);
        }
        crockford::parse(digits.iter().copied())
            .map(Self::from_digits)
            .ok_or(BadSerial)
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Serial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Serial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Serial;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a serial as in TL-7K3F9Q2M")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Serial, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text).map_err(D::Error::custom)
    }
}
