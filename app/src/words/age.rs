//! How long ago something was, in the coarsest unit that still says enough.

use crate::i18n::{Locale, td_string};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Up to this age a value is simply "just now".
const JUST_NOW_MS: i64 = 5 * SECOND_MS;

/// "42초 전"; a moment in the future, from a clock that runs ahead, is "just now".
pub fn ago(locale: Locale, age_ms: i64) -> String {
    if age_ms < JUST_NOW_MS {
        return td_string!(locale, age.now).to_owned();
    }
    td_string!(locale, age.ago, duration = duration(locale, age_ms))
}

/// "38분째 소식이 없어요".
pub fn silent_for(locale: Locale, age_ms: i64) -> String {
    td_string!(locale, age.silent_for, duration = duration(locale, age_ms))
}

/// "42초", "5분", "3시간", "2일": rounded down.
pub fn duration(locale: Locale, ms: i64) -> String {
    let ms = ms.max(0);
    match ms {
        DAY_MS.. => td_string!(locale, duration.days, n = ms / DAY_MS),
        HOUR_MS.. => td_string!(locale, duration.hours, n = ms / HOUR_MS),
        MINUTE_MS.. => td_string!(locale, duration.minutes, n = ms / MINUTE_MS),
        _ => td_string!(locale, duration.seconds, n = ms / SECOND_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_use_the_coarsest_unit_and_never_round_up() {
        let cases = [
            (-4_000, "방금 전"),
            (4_999, "방금 전"),
            (42_900, "42초 전"),
            (59_999, "59초 전"),
            (60_000, "1분 전"),
            (3_599_999, "59분 전"),
            (2 * 3_600_000, "2시간 전"),
            (49 * 3_600_000, "2일 전"),
        ];
        for (age_ms, words) in cases {
            assert_eq!(ago(Locale::ko, age_ms), words);
        }
        assert_eq!(ago(Locale::en, 300_000), "5 min ago");
        assert_eq!(silent_for(Locale::ko, 38 * 60_000), "38분째 소식이 없어요");
    }
}
