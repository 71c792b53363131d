//! What became of a command, in a sentence: what the device did, or why nothing came of it.

use super::degrees::Degrees;
use super::moment;
use super::number::whole;
use crate::form::FormAnswer;
use crate::i18n::{Locale, td_string};

/// Intervals one can choose, s.
pub const INTERVALS_S: [u32; 7] = [5, 10, 30, 60, 300, 600, 1800];

/// The sentence, and whether it is a good one; `None` if nothing was asked. `now` in Unix ms.
pub fn said(locale: Locale, degrees: Degrees, words: &FormAnswer, now: i64) -> Option<(String, bool)> {
    if let Some(done) = words.what_is_done() {
        return Some((done_words(locale, degrees, done, words), true));
    }
    let problem = words.problem_of("form")?;
    Some((problem_words(locale, problem, words, now), false))
}

/// "30초", "5분"
pub fn interval(locale: Locale, seconds: u32) -> String {
    if seconds.is_multiple_of(60) {
        td_string!(locale, duration.minutes, n = seconds / 60)
    } else {
        td_string!(locale, duration.seconds, n = seconds)
    }
}

fn done_words(locale: Locale, degrees: Degrees, done: &str, words: &FormAnswer) -> String {
    match done {
        "read_now" => measured(locale, degrees, words),
        "identify" => td_string!(locale, commands.identify_done).to_owned(),
        "led-on" => td_string!(locale, commands.led_on_done).to_owned(),
        "led-off" => td_string!(locale, commands.led_off_done).to_owned(),
        "restart" => td_string!(locale, commands.restart_done).to_owned(),
        _ => td_string!(locale, commands.set_done).to_owned(),
    }
}

/// "방금 쟀어요: 23.4 °C · 58 % (15:24:05)"
fn measured(locale: Locale, degrees: Degrees, words: &FormAnswer) -> String {
    let number = |field: &str| words.value_of(field).and_then(|text| text.parse::<f64>().ok());
    let t = number("t").map(|t| degrees.full(t));
    let h = number("h").map(|h| format!("{}\u{a0}{}", whole(h), td_string!(locale, unit.percent)));
    let values: Vec<_> = [t, h].into_iter().flatten().collect();
    let values = values.join(" · ");
    let Some(clock) = words.value_of("at") else {
        return td_string!(locale, commands.read_now_done_no_clock, values = values);
    };
    td_string!(
        locale,
        commands.read_now_done,
        values = values,
        clock = clock.to_owned()
    )
}

fn problem_words(locale: Locale, problem: &str, words: &FormAnswer, now: i64) -> String {
    let local = words.value_of("since").unwrap_or_default();
    let at = words
        .value_of("since-ms")
        .and_then(|text| text.parse().ok())
        .unwrap_or(now);
    let since = moment::clock(locale, local, at, now);
    let is_kept = words.value_of("name") == Some("set");
    let first = match problem {
        "away" => td_string!(locale, commands.away, since = since),
        "no-answer" => td_string!(locale, commands.no_answer).to_owned(),
        "refused" => {
            let why = words.value_of("why").unwrap_or_default().to_owned();
            return td_string!(locale, commands.refused, why = why);
        }
        "limited" => return td_string!(locale, commands.limited).to_owned(),
        "unreachable" => td_string!(locale, commands.unreachable).to_owned(),
        "invalid" => return td_string!(locale, commands.invalid).to_owned(),
        "forbidden" => return td_string!(locale, rules.look_only).to_owned(),
        _ => return td_string!(locale, account.unavailable).to_owned(),
    };
    if is_kept {
        format!("{first} {}", td_string!(locale, commands.kept))
    } else {
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T15:24:05+09:00.
    const NOW: i64 = 1_795_155_845_000;

    fn told(locale: Locale, words: &FormAnswer) -> String {
        said(locale, Degrees::Celsius, words, NOW)
            .expect("there is something to say")
            .0
    }

    #[test]
    fn a_fresh_reading_is_told_with_its_time() {
        let words = FormAnswer::to("commands").done("read_now");
        let words = words.value("t", "23.44").value("h", "58.2").value("at", "15:24:05");
        assert_eq!(
            told(Locale::ko, &words),
            "방금 쟀어요: 23.4\u{a0}°C · 58\u{a0}% (15:24:05)"
        );
        assert_eq!(
            told(Locale::en, &words),
            "Measured just now: 23.4\u{a0}°C · 58\u{a0}% (15:24:05)"
        );
    }

    #[test]
    fn of_a_device_that_is_away_it_is_said_since_when_and_that_a_setting_is_kept() {
        let away = || {
            FormAnswer::to("commands")
                .problem("form", "away")
                .value("since", "2026-11-20T15:20:05+09:00")
        };
        assert_eq!(
            told(Locale::en, &away()),
            "The device is away: it has had no connection since 15:20."
        );
        assert!(told(Locale::en, &away().value("name", "set")).ends_with("It is told when it is back."));
        assert_eq!(said(Locale::ko, Degrees::Celsius, &FormAnswer::default(), NOW), None);
    }
}
