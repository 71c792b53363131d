//! The answer of the whole home to "is everything all right, now?".

use super::status;
use crate::i18n::{Locale, td_string};

/// What came of asking every device of a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Rooms that did not answer.
    pub silent: Vec<String>,
    /// When the others were measured, `15:24:05`.
    pub at: String,
    /// How the others are, in a sentence.
    pub verdict: String,
    /// How many they are.
    pub answered: usize,
}

/// The sentence.
pub fn sentence(locale: Locale, checked: Checked) -> String {
    let Checked {
        silent,
        at,
        verdict,
        answered,
    } = checked;
    let rooms = silent.join(", ");
    match (silent.is_empty(), answered) {
        (_, 0) => td_string!(locale, check.none, rooms = rooms),
        (true, n) => td_string!(locale, check.all, verdict = verdict, n = n, at = at),
        (false, n) => td_string!(locale, check.some, verdict = verdict, rooms = rooms, n = n, at = at),
    }
}

/// How the rooms that answered are: "집은 괜찮아요".
pub fn verdict(locale: Locale, degrees: super::degrees::Degrees, rooms: &[status::Room]) -> String {
    status::sentence(locale, degrees, &status::judge(rooms), rooms, "").headline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(silent: &[&str], answered: usize) -> String {
        let checked = Checked {
            silent: silent.iter().map(|&room| room.to_owned()).collect(),
            at: "15:24:05".to_owned(),
            verdict: "집은 괜찮아요".to_owned(),
            answered,
        };
        sentence(Locale::ko, checked)
    }

    #[test]
    fn the_rooms_that_did_not_answer_are_named() {
        assert_eq!(checked(&[], 3), "집은 괜찮아요. 방 3곳을 15:24:05에 다시 쟀어요.");
        assert_eq!(
            checked(&["서재", "부엌"], 1),
            "서재, 부엌에서 대답이 없어요. 대답한 방 1곳은 15:24:05에 쟀어요: 집은 괜찮아요."
        );
        assert_eq!(
            checked(&["서재"], 0),
            "어느 방에서도 대답이 없어요: 서재. 아래는 마지막으로 안 값이에요."
        );
    }
}
