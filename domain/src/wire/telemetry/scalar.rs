//! A field's value, whatever its type, so that a wrong one can be reported instead of raised.

use alloc::string::String;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::wire::Malformed;

/// JSON numbers are exact below this (RFC 8259 §6).
const EXACT_BELOW: u64 = 1 << 53;
/// Longest text that is kept, characters.
const LONGEST_TEXT: usize = 64;

/// A JSON value as far as telemetry cares; null counts as absent.
#[derive(Default)]
pub enum Scalar {
    #[default]
    Absent,
    Int(i64),
    Float(f64),
    Text(String),
    Wrong,
}

impl Scalar {
    /// A number; text that looks like one is none.
    pub fn float(&self, wrong: &'static str) -> Result<Option<f64>, Malformed> {
        match *self {
            Self::Absent => Ok(None),
            #[expect(clippy::cast_precision_loss, reason = "no measured value is near 2^53")]
            Self::Int(value) => Ok(Some(value as f64)),
            Self::Float(value) => Ok(Some(value)),
            Self::Text(_) | Self::Wrong => Err(Malformed::because(wrong)),
        }
    }

    /// An integer; an integral float is one too, and beyond the range of i64 the nearest end.
    pub fn integer(&self, wrong: &'static str) -> Result<Option<i64>, Malformed> {
        match *self {
            Self::Absent => Ok(None),
            Self::Int(value) => Ok(Some(value)),
            #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, as documented")]
            Self::Float(value) if (libm::trunc(value) - value).abs() == 0.0 => Ok(Some(value as i64)),
            Self::Float(_) | Self::Text(_) | Self::Wrong => Err(Malformed::because(wrong)),
        }
    }

    /// An integer from 0 to 2^53.
    pub fn count(&self, wrong: &'static str) -> Result<Option<u64>, Malformed> {
        let Some(value) = self.integer(wrong)? else {
            return Ok(None);
        };
        let exact = u64::try_from(value).ok().filter(|value| *value < EXACT_BELOW);
        exact.map(Some).ok_or(Malformed::because(wrong))
    }

    /// A number of a small integer type: one beyond it is left out, not worth losing a reading.
    pub fn extra<T: TryFrom<i64>>(&self, wrong: &'static str) -> Result<Option<T>, Malformed> {
        let value = self.float(wrong)?;
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, then try_from checks")]
        Ok(value.and_then(|value| T::try_from(libm::round(value) as i64).ok()))
    }

    /// Text, cut to 64 characters.
    pub fn text(self, wrong: &'static str) -> Result<Option<String>, Malformed> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Int(_) | Self::Float(_) | Self::Wrong => Err(Malformed::because(wrong)),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Absent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar::Wrong)
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::Int(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.chars().take(LONGEST_TEXT).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Wrong)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Scalar, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Wrong)
    }
}
