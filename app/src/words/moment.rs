//! Local moments as the server writes them, `2026-11-20T15:24:05+09:00`, in words.
//!
//! The server knows the device's time zone; browser and server cut the very same text, so what they render
//! agrees to the letter.

use crate::i18n::{Locale, td_string};

const DAY_MS: i64 = 86_400_000;
const MINUTE_MS: i64 = 60_000;

/// `15:24` on the day of `now`, else with the date: `11월 19일 15:24`.
///
/// `at` and `now` are Unix ms; `local` is `at` in the device's zone.
pub fn clock(locale: Locale, local: &str, at: i64, now: i64) -> String {
    let clock = local.get(11..16).unwrap_or_default();
    let offset = offset_ms(local);
    if (at + offset).div_euclid(DAY_MS) == (now + offset).div_euclid(DAY_MS) {
        return clock.to_owned();
    }
    td_string!(locale, date.day_clock, date = date(locale, local), clock = clock)
}

/// `11월 19일` of a text that begins with an ISO date.
pub fn date(locale: Locale, local: &str) -> String {
    let month = number(local, 5).max(1);
    let name = td_string!(locale, date.months)
        .split(' ')
        .nth(month - 1)
        .unwrap_or_default();
    td_string!(locale, date.day, month = name, day = number(local, 8))
}

/// A moment in UTC for a machine to read, `2026-11-20T06:24:05Z`.
pub fn iso_utc(at: i64) -> String {
    let (year, month, day) = civil(at.div_euclid(DAY_MS));
    let second = at.rem_euclid(DAY_MS) / 1_000;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Two digits at a byte position, 0 if there are none.
fn number(local: &str, from: usize) -> usize {
    local
        .get(from..from + 2)
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

/// The offset from UTC at the end of the text, `+09:00` or `Z`, in ms.
fn offset_ms(local: &str) -> i64 {
    let Some(offset) = local.get(19..25) else { return 0 };
    let minutes = i64::try_from(number(offset, 1) * 60 + number(offset, 4)).unwrap_or(0);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    sign * minutes * MINUTE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T15:24:05+09:00.
    const AT: i64 = 1_795_155_845_000;
    const LOCAL: &str = "2026-11-20T15:24:05+09:00";

    #[test]
    fn a_moment_of_today_is_just_its_clock() {
        assert_eq!(clock(Locale::ko, LOCAL, AT, AT + 8 * 3_600_000), "15:24");
    }

    #[test]
    fn a_moment_of_another_local_day_says_its_date() {
        let after_midnight = AT + 9 * 3_600_000;
        assert_eq!(clock(Locale::ko, LOCAL, AT, after_midnight), "11월 20일 15:24");
        assert_eq!(clock(Locale::en, LOCAL, AT, after_midnight), "20 Nov, 15:24");
    }

    #[test]
    fn offsets_west_of_greenwich_and_utc_are_understood() {
        assert_eq!(offset_ms("2026-11-20T15:24:05-03:30"), -210 * MINUTE_MS);
        assert_eq!(offset_ms("2026-11-20T15:24:05Z"), 0);
    }

    #[test]
    fn machines_read_moments_in_utc() {
        assert_eq!(iso_utc(AT), "2026-11-20T06:24:05Z");
        assert_eq!(iso_utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_utc(951_782_399_000), "2000-02-28T23:59:59Z");
        assert_eq!(iso_utc(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso_utc(-1_000), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn a_broken_text_is_no_panic() {
        assert_eq!(clock(Locale::ko, "", 0, 0), "");
    }
}
