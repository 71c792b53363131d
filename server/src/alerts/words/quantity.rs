//! Values, steps and lengths of time, as people write them.

use app::Degrees;
use domain::alert::Metric;
use domain::time::Timestamp;

use super::Tale;
use crate::mail::Language;
use crate::zone;

pub(super) const SECOND_MS: i64 = 1000;

pub(super) const fn noun(metric: Metric, language: Language) -> &'static str {
    match (metric, language) {
        (Metric::T, Language::Ko) => "온도",
        (Metric::H, Language::Ko) => "습도",
        (Metric::Light, Language::Ko) => "밝기",
        (Metric::T, Language::En) => "temperature",
        (Metric::H, Language::En) => "humidity",
        (Metric::Light, Language::En) => "light",
    }
}

/// `23.1 °C`
pub(super) fn quantity(metric: Metric, value: f64, degrees: Degrees) -> String {
    let space = space(metric);
    format!(
        "{}{space}{}",
        number(read(metric, value, degrees)),
        unit(metric, degrees)
    )
}

/// `23.1 → 29.4 °C`
pub(super) fn step(metric: Metric, from: f64, to: f64, degrees: Degrees) -> String {
    let [from, to] = [from, to].map(|value| number(read(metric, value, degrees)));
    format!("{from} → {to}{}{}", space(metric), unit(metric, degrees))
}

/// As its reader reads it.
fn read(metric: Metric, value: f64, degrees: Degrees) -> f64 {
    match metric {
        Metric::T => degrees.of(value),
        Metric::H | Metric::Light => value,
    }
}

const fn space(metric: Metric) -> &'static str {
    match metric {
        Metric::T | Metric::H => " ",
        Metric::Light => "",
    }
}

const fn unit(metric: Metric, degrees: Degrees) -> &'static str {
    match metric {
        Metric::T => degrees.symbol(),
        Metric::H => "%",
        Metric::Light => "/4095",
    }
}

/// One decimal, and none for a whole number; a true minus sign.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let text = if text == "-0" { "0" } else { text };
    text.replace('-', "−")
}

pub(super) const fn ms(seconds: u32) -> i64 {
    seconds as i64 * SECOND_MS
}

/// A length of time in its two largest units.
pub(super) fn span(ms: i64, language: Language) -> String {
    let seconds = (ms + SECOND_MS / 2) / SECOND_MS;
    let minutes = (seconds + 30) / 60;
    let (hours, days) = (minutes / 60, minutes / 1440);
    let of = |count: i64, ko: &str, en: &str| match language {
        Language::Ko => format!("{count}{ko}"),
        Language::En => format!("{count} {en}"),
    };
    let two = |large: String, rest: i64, ko: &str, en: &str| {
        if rest == 0 {
            large
        } else {
            large + " " + &of(rest, ko, en)
        }
    };
    match (seconds, hours, days) {
        (0..60, ..) => of(seconds.max(0), "초", "s"),
        (_, 0, _) => of(minutes, "분", "min"),
        (_, _, 0) => two(of(hours, "시간", "h"), minutes % 60, "분", "min"),
        _ => {
            let day = if days == 1 { "day" } else { "days" };
            two(of(days, "일", day), hours % 24, "시간", "h")
        }
    }
}

/// Local time of day.
pub(super) fn clock(tale: &Tale, at: Timestamp) -> String {
    let wall = zone::wall(&zone::find_or_utc(&tale.zone), at);
    format!("{:02}:{:02}", wall.hour(), wall.minute())
}
