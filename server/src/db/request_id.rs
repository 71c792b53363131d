//! How an answer finds its question: a number nobody else has, as correlation data and as `id` in the JSON.

use std::fmt;
use std::str::FromStr;

/// Set in the ids of errands, whose answers are also written down.
const ERRAND: u128 = 1 << 127;

/// A request's name; as text 32 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(u128);

/// Not the name of a request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a request")]
pub struct NoRequestId;

impl RequestId {
    /// Of a question that somebody waits with.
    pub fn of_question() -> Self {
        Self(rand::random::<u128>() & !ERRAND)
    }

    /// Of an errand, which is kept until it is answered.
    pub fn of_errand() -> Self {
        Self(rand::random::<u128>() | ERRAND)
    }

    /// Whether the answer is to be written down.
    pub const fn is_errand(self) -> bool {
        self.0 & ERRAND != 0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for RequestId {
    type Err = NoRequestId;

    fn from_str(text: &str) -> Result<Self, NoRequestId> {
        let is_spelt_right = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = is_spelt_right.then(|| u128::from_str_radix(text, 16).ok()).flatten();
        number.map(Self).ok_or(NoRequestId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_after_the_journey_and_tells_what_it_is_for() {
        for (id, is_errand) in [(RequestId::of_question(), false), (RequestId::of_errand(), true)] {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(id.is_errand(), is_errand);
        }
        for wrong in [
            "",
            "7f",
            &"g".repeat(32),
            &"A".repeat(32),
            &"+".repeat(32),
            &"0".repeat(33),
        ] {
            assert_eq!(wrong.parse::<RequestId>(), Err(NoRequestId), "{wrong}");
        }
    }
}
