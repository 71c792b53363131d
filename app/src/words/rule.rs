//! A rule as a sentence: with its numbers in words, or cut where an editor puts its boxes.

use domain::alert::{Metric, Preset, Rule};

use super::degrees::Degrees;
use super::number;
use crate::i18n::{Locale, td_string};

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// Where it says what is measured.
    Metric,
    /// Where the limit stands, or how much of a change.
    Number,
    /// Where a length of time stands.
    Minutes,
}

/// Stands for a place in a sentence; no sentence holds one.
const MARK: char = '\u{1}';

/// The sentence of a kind of rule, cut into pieces.
pub fn pieces(locale: Locale, kind: &str) -> Vec<Piece> {
    let sentence = spelt(locale, kind, false, "\u{1}m", "\u{1}n", "\u{1}t");
    let mut parts = sentence.split(MARK);
    let mut pieces = vec![Piece::Words(parts.next().unwrap_or_default().to_owned())];
    for part in parts {
        let mut rest = part.chars();
        pieces.push(match rest.next() {
            Some('m') => Piece::Metric,
            Some('n') => Piece::Number,
            _ => Piece::Minutes,
        });
        pieces.push(Piece::Words(rest.as_str().to_owned()));
    }
    pieces.retain(|piece| *piece != Piece::Words(String::new()));
    pieces
}

/// The whole sentence.
pub fn sentence(locale: Locale, degrees: Degrees, rule: &Rule) -> String {
    let (number, seconds) = match *rule {
        Rule::Above { limit, hold_s, .. } | Rule::Below { limit, hold_s, .. } => (limit, hold_s),
        Rule::Change { delta, window_s, .. } => (delta, window_s),
        Rule::Offline { after_s } => (0.0, after_s),
        Rule::Fault {} => (0.0, 0),
    };
    let metric = rule.metric().unwrap_or(Metric::T);
    let shown = plain(shown(degrees, rule, number));
    let unit = unit(locale, degrees, metric);
    let number = match metric {
        Metric::Light => shown + unit,
        Metric::T | Metric::H => format!("{shown}\u{a0}{unit}"),
    };
    let time = length(locale, seconds);
    spelt(locale, rule.kind(), seconds == 0, noun(locale, metric), &number, &time)
}

/// What is measured, in words.
pub fn noun(locale: Locale, metric: Metric) -> &'static str {
    match metric {
        Metric::T => td_string!(locale, rules.temperature),
        Metric::H => td_string!(locale, rules.humidity),
        Metric::Light => td_string!(locale, rules.light),
    }
}

/// A number of a rule, which is kept in °C or %, as its reader reads it.
pub fn shown(degrees: Degrees, rule: &Rule, number: f64) -> f64 {
    match (rule.metric(), rule) {
        (Some(Metric::T), Rule::Change { .. }) => degrees.of_difference(number),
        (Some(Metric::T), _) => degrees.of(number),
        _ => number,
    }
}

/// In what it is measured.
pub fn unit(locale: Locale, degrees: Degrees, metric: Metric) -> &'static str {
    match metric {
        Metric::T => degrees.symbol(),
        Metric::H => td_string!(locale, unit.percent),
        Metric::Light => "/4095",
    }
}

/// The name of a worry.
pub fn preset(locale: Locale, preset: Preset) -> &'static str {
    match preset {
        Preset::Fire => td_string!(locale, rules.fire),
        Preset::Mould => td_string!(locale, rules.mould),
        Preset::Frost => td_string!(locale, rules.frost),
        Preset::Treasure => td_string!(locale, rules.treasure),
    }
}

/// What the last seven days would have been like.
pub fn last_week(locale: Locale, times: usize) -> String {
    if times == 0 {
        td_string!(locale, rules.last_week_never).to_owned()
    } else {
        td_string!(locale, rules.last_week, n = times)
    }
}

/// A number as people type it: no decimals unless there are any.
pub fn plain(value: f64) -> String {
    let text = number::tenths(value);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

/// "2시간", "10분", "90초": in the largest unit that says it exactly.
fn length(locale: Locale, seconds: u32) -> String {
    match seconds {
        _ if seconds > 0 && seconds.is_multiple_of(3600) => td_string!(locale, duration.hours, n = seconds / 3600),
        _ if seconds.is_multiple_of(60) => td_string!(locale, duration.minutes, n = seconds / 60),
        _ => td_string!(locale, duration.seconds, n = seconds),
    }
}

fn spelt(locale: Locale, kind: &str, at_once: bool, metric: &str, number: &str, time: &str) -> String {
    let (metric, number, time) = (metric.to_owned(), number.to_owned(), time.to_owned());
    match (kind, at_once) {
        ("above", true) => td_string!(locale, rules.above_at_once, metric = metric, number = number),
        ("below", true) => td_string!(locale, rules.below_at_once, metric = metric, number = number),
        ("above", false) => td_string!(locale, rules.above, metric = metric, number = number, time = time),
        ("below", false) => td_string!(locale, rules.below, metric = metric, number = number, time = time),
        ("change", _) => td_string!(locale, rules.change, metric = metric, number = number, time = time),
        ("offline", _) => td_string!(locale, rules.offline, time = time),
        _ => td_string!(locale, rules.fault).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let humid = Rule::Above {
            metric: Metric::H,
            limit: 60.0,
            hysteresis: 3.0,
            hold_s: 120,
        };
        assert_eq!(
            sentence(Locale::ko, Degrees::Celsius, &humid),
            "습도가 60\u{a0}%보다 높은 채로 2분 넘게 가면"
        );
        assert_eq!(
            sentence(Locale::en, Degrees::Fahrenheit, &humid),
            "When the humidity is above 60\u{a0}% for 2 min"
        );
        let silent = Rule::Offline { after_s: 7200 };
        assert_eq!(
            sentence(Locale::ko, Degrees::Celsius, &silent),
            "2시간 동안 소식이 없으면"
        );
        let hot = Rule::Above {
            metric: Metric::T,
            limit: 30.0,
            hysteresis: 1.0,
            hold_s: 60,
        };
        assert_eq!(
            sentence(Locale::en, Degrees::Fahrenheit, &hot),
            "When the temperature is above 86\u{a0}°F for 1 min"
        );
        let rise = Rule::Change {
            metric: Metric::T,
            delta: 5.0,
            window_s: 600,
        };
        assert!(sentence(Locale::en, Degrees::Fahrenheit, &rise).contains("9\u{a0}°F"));
    }

    #[test]
    fn a_sentence_is_cut_where_its_boxes_stand() {
        use Piece::{Metric, Minutes, Number, Words};
        let places = |kind| {
            let pieces = pieces(Locale::ko, kind);
            pieces
                .into_iter()
                .filter(|piece| !matches!(piece, Words(_)))
                .collect::<Vec<_>>()
        };
        assert_eq!(places("above"), [Metric, Number, Minutes]);
        assert_eq!(places("change"), [Metric, Minutes, Number]);
        assert_eq!(places("offline"), [Minutes]);
        assert_eq!(places("fault"), []);
    }
}
