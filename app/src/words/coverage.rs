//! How much of a period readings speak for.

use super::number::rounded;
use crate::i18n::{Locale, td_string};

const HOUR_MIN: u32 = 60;

/// A part of one as whole percent, never rounded up to a complete 100.
pub fn percent(part: f64) -> i64 {
    let percent = rounded(part * 100.0).clamp(0, 100);
    if percent == 100 && part < 0.9995 { 99 } else { percent }
}

/// "24시간 중 22시간 기록", in whole hours that are really there; below an hour in minutes.
pub fn hours(locale: Locale, covered_min: u32, length_min: u32) -> String {
    let covered = covered_min / HOUR_MIN;
    let length = length_min.div_ceil(HOUR_MIN);
    if covered == 0 && covered_min > 0 {
        return td_string!(locale, history.covered_minutes, length = length, covered = covered_min);
    }
    td_string!(locale, history.covered, length = length, covered = covered)
}

/// The same in a table: "22/24시간".
pub fn short_hours(locale: Locale, covered_min: u32, length_min: u32) -> String {
    let (covered, length) = (covered_min / HOUR_MIN, length_min.div_ceil(HOUR_MIN));
    td_string!(locale, history.covered_short, length = length, covered = covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_says_a_hundred_only_when_nothing_is_missing() {
        assert_eq!(percent(1.0), 100);
        assert_eq!(percent(0.997), 99);
        assert_eq!(percent(0.546), 55);
        assert_eq!(percent(-0.1), 0);
    }

    #[test]
    fn hours_are_those_that_are_really_there() {
        assert_eq!(hours(Locale::ko, 22 * 60 + 59, 24 * 60), "24시간 중 22시간 기록");
        assert_eq!(hours(Locale::ko, 23 * 60, 23 * 60), "23시간 중 23시간 기록");
        assert_eq!(hours(Locale::en, 25 * 60, 25 * 60), "25 of 25 hours recorded");
        assert_eq!(hours(Locale::ko, 12, 15 * 60 + 24), "16시간 중 12분 기록");
        assert_eq!(short_hours(Locale::ko, 0, 24 * 60), "0/24시간");
    }
}
