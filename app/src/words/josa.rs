//! Korean particles that depend on how the word before them ends.

use crate::i18n::Locale;

/// A room as the subject of a sentence: `부엌이`, `거실이`, `베란다가`; in English just its name.
pub fn subject(locale: Locale, name: &str) -> String {
    match locale {
        Locale::ko => format!("{name}{}", if ends_in_consonant(name) { "이" } else { "가" }),
        Locale::en => name.to_owned(),
    }
}

/// Whether the word ends in a consonant when read aloud in Korean.
fn ends_in_consonant(word: &str) -> bool {
    match word.chars().last() {
        // A Hangul syllable is (initial · 21 + vowel) · 28 + final; final 0 is none.
        Some(last @ '가'..='힣') => !(u32::from(last) - u32::from('가')).is_multiple_of(28),
        // 영 일 삼 육 칠 팔, 엘 엠 엔 알
        last => last.is_some_and(|last| "013678lmnrLMNR".contains(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_particle_follows_the_last_sound() {
        assert_eq!(subject(Locale::ko, "부엌"), "부엌이");
        assert_eq!(subject(Locale::ko, "베란다"), "베란다가");
        assert_eq!(subject(Locale::ko, "방 2"), "방 2가");
        assert_eq!(subject(Locale::ko, "방 3"), "방 3이");
        assert_eq!(subject(Locale::ko, "Kitchen"), "Kitchen이");
        assert_eq!(subject(Locale::en, "Kitchen"), "Kitchen");
    }
}
