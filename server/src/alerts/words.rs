//! What is said of an alert, in letters and in the log.

use domain::alert::{Metric, Point, Rule};
use domain::time::Timestamp;

use crate::db::alerts::Alert;
use crate::mail::Language;
use crate::zone;

const SECOND_MS: i64 = 1000;

/// Everything a sentence can say.
#[derive(Clone, Debug)]
pub struct Tale {
    place: String,
    zone: String,
    rule: Rule,
    fired_at: Timestamp,
    value: Option<f64>,
    from: Option<Point>,
    cleared_at: Option<Timestamp>,
    cleared_value: Option<f64>,
}

impl Tale {
    /// Of a stored alert.
    pub fn of(alert: &Alert) -> Self {
        Self {
            place: alert.place.clone(),
            zone: alert.zone.clone(),
            rule: alert.rule,
            fired_at: alert.fired_at,
            value: alert.value,
            from: alert.from,
            cleared_at: alert.cleared_at,
            cleared_value: alert.cleared_value,
        }
    }

    /// Since when it is so.
    fn began_at(&self) -> Timestamp {
        self.from.map_or(self.fired_at, |from| from.at)
    }
}

/// The subject of a letter.
pub(super) fn headline(home: &str, tales: &[Tale], language: Language, is_over: bool) -> String {
    let [tale] = tales else {
        let count = tales.len();
        return match (language, is_over) {
            (Language::Ko, false) => format!("{home}: 알림 {count}건"),
            (Language::Ko, true) => format!("{home}: {count}건이 괜찮아졌어요"),
            (Language::En, false) => format!("{home}: {count} alerts"),
            (Language::En, true) => format!("{home}: {count} back to normal"),
        };
    };
    let place = &tale.place;
    if is_over {
        return match language {
            Language::Ko => format!("{place}: 괜찮아졌어요"),
            Language::En => format!("{place}: back to normal"),
        };
    }
    match (tale.rule, tale.value, tale.from) {
        (Rule::Change { metric, .. }, Some(value), Some(from)) => {
            let span = span(tale.fired_at.since(from.at), language);
            format!("{place} {} ({span})", step(metric, from.value, value))
        }
        (Rule::Above { metric, .. } | Rule::Below { metric, .. }, Some(value), _) => {
            format!("{place} {} {}", noun(metric, language), quantity(metric, value))
        }
        (Rule::Offline { .. }, ..) => match language {
            Language::Ko => format!("{place}: 소식이 없어요"),
            Language::En => format!("{place}: not heard from"),
        },
        _ => match language {
            Language::Ko => format!("{place}: 센서를 봐 주세요"),
            Language::En => format!("{place}: please look at the sensor"),
        },
    }
}

/// What happened, or that it is over.
pub fn sentence(tale: &Tale, language: Language, is_over: bool, now: Timestamp) -> String {
    match (language, is_over) {
        (Language::Ko, false) => begun_ko(tale, now),
        (Language::Ko, true) => over_ko(tale),
        (Language::En, false) => begun_en(tale, now),
        (Language::En, true) => over_en(tale),
    }
}

/// After the last sentence of a long letter.
pub(super) fn and_more(more: usize, language: Language) -> String {
    match language {
        Language::Ko => format!("그 밖에 {more}건이 더 있어요."),
        Language::En => format!("And {more} more."),
    }
}

fn begun_ko(tale: &Tale, now: Timestamp) -> String {
    let place = &tale.place;
    let span = |ms| span(ms, Language::Ko);
    match (tale.rule, tale.value, tale.from) {
        (
            Rule::Above {
                metric, limit, hold_s, ..
            }
            | Rule::Below {
                metric, limit, hold_s, ..
            },
            Some(value),
            _,
        ) => {
            let (noun, value_words) = (noun(metric, Language::Ko), quantity(metric, value));
            let (limit_words, above) = (quantity(metric, limit), value > limit);
            let crossed = match (above, hold_s) {
                (true, 0) => format!("{limit_words}를 넘었어요"),
                (false, 0) => format!("{limit_words} 아래로 내려갔어요"),
                (true, _) => format!("{limit_words}보다 높은 지 {} 지났어요", span(ms(hold_s))),
                (false, _) => format!("{limit_words}보다 낮은 지 {} 지났어요", span(ms(hold_s))),
            };
            format!("{place} {noun}가 {value_words}예요. 정해 둔 {crossed}.")
        }
        (Rule::Change { metric, .. }, Some(value), Some(from)) => {
            let verb = if value > from.value {
                "올랐어요"
            } else {
                "떨어졌어요"
            };
            let (noun, step) = (noun(metric, Language::Ko), step(metric, from.value, value));
            let span = span(tale.fired_at.since(from.at));
            format!("{place} {noun}가 {step}로 {span} 만에 {verb}.")
        }
        (Rule::Offline { .. }, _, Some(from)) => {
            let quiet = span(now.since(from.at));
            format!(
                "{place}에서 {quiet}째 소식이 없어요. 마지막으로 잰 때: {}.",
                clock(tale, from.at)
            )
        }
        _ => format!(
            "{place} 센서가 고장 난 것 같아요. 있을 수 없는 값을 거듭 보내고 있어요. \
             다시 믿을 수 있을 때까지 이 방의 온도·습도 알림은 쉬어요."
        ),
    }
}

fn begun_en(tale: &Tale, now: Timestamp) -> String {
    let place = &tale.place;
    let span = |ms| span(ms, Language::En);
    match (tale.rule, tale.value, tale.from) {
        (
            Rule::Above {
                metric, limit, hold_s, ..
            }
            | Rule::Below {
                metric, limit, hold_s, ..
            },
            Some(value),
            _,
        ) => {
            let side = if value > limit { "above" } else { "below" };
            let (noun, value, limit) = (
                noun(metric, Language::En),
                quantity(metric, value),
                quantity(metric, limit),
            );
            let held = if hold_s == 0 {
                String::new()
            } else {
                format!(" for {}", span(ms(hold_s)))
            };
            format!("{place}: {noun} is {value}, {side} your limit of {limit}{held}.")
        }
        (Rule::Change { metric, .. }, Some(value), Some(from)) => {
            let verb = if value > from.value { "rose" } else { "fell" };
            let (noun, step) = (noun(metric, Language::En), step(metric, from.value, value));
            format!(
                "{place}: {noun} {verb} {step} in {}.",
                span(tale.fired_at.since(from.at))
            )
        }
        (Rule::Offline { .. }, _, Some(from)) => {
            let quiet = span(now.since(from.at));
            format!(
                "{place} has not been heard from for {quiet}. It last measured at {}.",
                clock(tale, from.at)
            )
        }
        _ => format!(
            "The sensor of {place} looks broken: it keeps sending values that cannot be. \
             Until it can be believed again, temperature and humidity of this room alarm nobody."
        ),
    }
}

fn over_ko(tale: &Tale) -> String {
    let place = &tale.place;
    let lasted = tale
        .cleared_at
        .map(|cleared| span(cleared.since(tale.began_at()), Language::Ko));
    let lasted = lasted.unwrap_or_default();
    match (tale.rule.metric(), tale.cleared_value) {
        (Some(metric), Some(value)) => {
            let (noun, value) = (noun(metric, Language::Ko), quantity(metric, value));
            format!("{place} {noun}가 {value}로 괜찮아졌어요. {lasted} 걸렸어요.")
        }
        _ if matches!(tale.rule, Rule::Offline { .. }) => {
            format!("{place}에서 다시 소식이 와요. {lasted} 동안 조용했어요.")
        }
        _ => format!("{place} 센서가 다시 제대로 재고 있어요. 온도·습도 알림도 다시 살펴요."),
    }
}

fn over_en(tale: &Tale) -> String {
    let place = &tale.place;
    let lasted = tale
        .cleared_at
        .map(|cleared| span(cleared.since(tale.began_at()), Language::En));
    let lasted = lasted.unwrap_or_default();
    match (tale.rule.metric(), tale.cleared_value) {
        (Some(metric), Some(value)) => {
            let (noun, value) = (noun(metric, Language::En), quantity(metric, value));
            format!("{place}: {noun} is back to normal at {value}. It took {lasted}.")
        }
        _ if matches!(tale.rule, Rule::Offline { .. }) => {
            format!("{place} is heard from again. It was quiet for {lasted}.")
        }
        _ => format!("The sensor of {place} measures well again, and its rules are watched again."),
    }
}

const fn noun(metric: Metric, language: Language) -> &'static str {
    match (metric, language) {
        (Metric::T, Language::Ko) => "온도",
        (Metric::H, Language::Ko) => "습도",
        (Metric::T, Language::En) => "temperature",
        (Metric::H, Language::En) => "humidity",
    }
}

/// `23.1 °C`
fn quantity(metric: Metric, value: f64) -> String {
    format!("{} {}", number(value), unit(metric))
}

/// `23.1 → 29.4 °C`
fn step(metric: Metric, from: f64, to: f64) -> String {
    format!("{} → {} {}", number(from), number(to), unit(metric))
}

const fn unit(metric: Metric) -> &'static str {
    match metric {
        Metric::T => "°C",
        Metric::H => "%",
    }
}

/// One decimal, and none for a whole number; a true minus sign.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let text = if text == "-0" { "0" } else { text };
    text.replace('-', "−")
}

const fn ms(seconds: u32) -> i64 {
    seconds as i64 * SECOND_MS
}

/// A length of time in its two largest units.
fn span(ms: i64, language: Language) -> String {
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
fn clock(tale: &Tale, at: Timestamp) -> String {
    let wall = zone::wall(&zone::find_or_utc(&tale.zone), at);
    format!("{:02}:{:02}", wall.hour(), wall.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_143_600_000);

    fn tale(rule: Rule) -> Tale {
        Tale {
            place: "거실".to_owned(),
            zone: "Asia/Seoul".to_owned(),
            rule,
            fired_at: NOON.plus_millis(8 * 60_000),
            value: Some(29.4),
            from: Some(Point { at: NOON, value: 23.1 }),
            cleared_at: Some(NOON.plus_millis(80 * 60_000)),
            cleared_value: Some(24.0),
        }
    }

    fn change() -> Tale {
        tale(Rule::Change {
            metric: Metric::T,
            delta: 5.0,
            window_s: 600,
        })
    }

    fn said(tale: &Tale, is_over: bool) -> [String; 2] {
        [Language::Ko, Language::En].map(|language| sentence(tale, language, is_over, NOON.plus_millis(600_000)))
    }

    #[test]
    fn a_change_says_from_where_to_where_in_what_time() {
        assert_eq!(
            said(&change(), false),
            [
                "거실 온도가 23.1 → 29.4 °C로 8분 만에 올랐어요.",
                "거실: temperature rose 23.1 → 29.4 °C in 8 min."
            ]
        );
        assert_eq!(
            headline("집", &[change()], Language::Ko, false),
            "거실 23.1 → 29.4 °C (8분)"
        );
        assert_eq!(
            said(&change(), true),
            [
                "거실 온도가 24 °C로 괜찮아졌어요. 1시간 20분 걸렸어요.",
                "거실: temperature is back to normal at 24 °C. It took 1 h 20 min."
            ]
        );
    }

    #[test]
    fn a_limit_says_the_value_the_limit_and_for_how_long() {
        let frost = tale(Rule::Below {
            metric: Metric::T,
            limit: -4.0,
            hysteresis: 1.0,
            hold_s: 600,
        });
        let [ko, en] = said(
            &Tale {
                value: Some(-5.25),
                ..frost
            },
            false,
        );
        assert_eq!(ko, "거실 온도가 −5.2 °C예요. 정해 둔 −4 °C보다 낮은 지 10분 지났어요.");
        assert_eq!(
            en,
            "거실: temperature is −5.2 °C, below your limit of −4 °C for 10 min."
        );
    }

    #[test]
    fn a_silent_device_says_since_when_by_its_own_clock() {
        let silent = tale(Rule::Offline { after_s: 300 });
        let [ko, en] = said(&silent, false);
        assert_eq!(ko, "거실에서 10분째 소식이 없어요. 마지막으로 잰 때: 12:00.");
        assert_eq!(
            en,
            "거실 has not been heard from for 10 min. It last measured at 12:00."
        );
    }

    #[test]
    fn several_alerts_have_one_headline() {
        let both = [change(), change()];
        assert_eq!(headline("우리 집", &both, Language::Ko, false), "우리 집: 알림 2건");
        assert_eq!(
            headline("우리 집", &both, Language::En, true),
            "우리 집: 2 back to normal"
        );
    }

    #[test]
    fn lengths_of_time_have_at_most_two_units() {
        let cases = [
            (0, "0초", "0 s"),
            (59, "59초", "59 s"),
            (60, "1분", "1 min"),
            (3_600, "1시간", "1 h"),
            (5_400, "1시간 30분", "1 h 30 min"),
            (86_400, "1일", "1 day"),
            (200_000, "2일 7시간", "2 days 7 h"),
        ];
        for (seconds, ko, en) in cases {
            assert_eq!(span(seconds * SECOND_MS, Language::Ko), ko);
            assert_eq!(span(seconds * SECOND_MS, Language::En), en);
        }
    }
}
