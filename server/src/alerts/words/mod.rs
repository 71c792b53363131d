//! What is said of an alert, in letters and in the log.

mod en;
mod ko;
mod quantity;
#[cfg(test)]
mod tests;

use app::Degrees;
use domain::alert::{Point, Rule};
use domain::time::Timestamp;

use self::quantity::{noun, quantity, span, step};
use crate::db::alerts::Alert;
use crate::mail::Language;

/// For whom words are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// What they read.
    pub language: Language,
    /// The unit of every temperature.
    pub degrees: Degrees,
}

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
pub(super) fn headline(home: &str, tales: &[Tale], reader: Reader, is_over: bool) -> String {
    let Reader { language, degrees } = reader;
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
            format!("{place} {} ({span})", step(metric, from.value, value, degrees))
        }
        (Rule::Above { metric, .. } | Rule::Below { metric, .. }, Some(value), _) => {
            format!(
                "{place} {} {}",
                noun(metric, language),
                quantity(metric, value, degrees)
            )
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
pub fn sentence(tale: &Tale, reader: Reader, is_over: bool, now: Timestamp) -> String {
    let Reader { language, degrees } = reader;
    match (language, is_over) {
        (Language::Ko, false) => ko::begun(tale, degrees, now),
        (Language::Ko, true) => ko::over(tale, degrees),
        (Language::En, false) => en::begun(tale, degrees, now),
        (Language::En, true) => en::over(tale, degrees),
    }
}

/// After the last sentence of a long letter.
pub(super) fn and_more(more: usize, language: Language) -> String {
    match language {
        Language::Ko => format!("그 밖에 {more}건이 더 있어요."),
        Language::En => format!("And {more} more."),
    }
}

/// On the button by which one says that one knows.
pub(super) const fn acknowledge(language: Language) -> &'static str {
    match language {
        Language::Ko => "확인",
        Language::En => "I know",
    }
}

/// On the button that leads to more.
pub(super) const fn view(language: Language) -> &'static str {
    match language {
        Language::Ko => "보기",
        Language::En => "View",
    }
}
