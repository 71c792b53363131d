//! What a chart shows, in one sentence for everybody who would rather read than look.

use super::degrees::Degrees;
use super::metric::Metric;
use crate::api::history::{ComparedRoom, CoursePoint, DayView, PatternCell, PeriodView};
use crate::api::rooms::SlotPoint;
use crate::i18n::{Locale, td_string};

/// In which words and units to tell.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// The language.
    pub locale: Locale,
    /// The unit of temperatures.
    pub degrees: Degrees,
    /// What is told of.
    pub metric: Metric,
}

impl Telling {
    fn full(self, value: f64) -> String {
        self.metric.full(self.degrees, value)
    }
}

/// "최근 7일은 그 앞 7일보다 1.2 °C 높았어요. 평균은 22.3 °C."
pub fn period(telling: Telling, view: &PeriodView) -> String {
    let (locale, days) = (telling.locale, view.days.len());
    let Some(mean) = telling.metric.mean(view.means) else {
        return td_string!(locale, history.none, days = days);
    };
    let average = td_string!(locale, history.mean, days = days, value = telling.full(mean));
    let Some(before) = view.before.and_then(|before| telling.metric.mean(before)) else {
        return average;
    };
    let change = match telling.metric.difference(locale, telling.degrees, mean - before) {
        None => td_string!(locale, history.same, days = days),
        Some(delta) if mean > before => td_string!(locale, history.higher, days = days, delta = delta),
        Some(delta) => td_string!(locale, history.lower, days = days, delta = delta),
    };
    format!("{change} {average}")
}

/// "평균 21.9 °C. 가장 높은 때는 14–16시(24.1 °C), 가장 낮은 때는 04–06시(19.8 °C)."
pub fn day(telling: Telling, view: &DayView) -> String {
    let locale = telling.locale;
    let average = telling.metric.of(view.t, view.h);
    let means = view
        .slots
        .iter()
        .filter_map(|slot| Some((slot, telling.metric.of(slot.t, slot.h)?.avg)));
    let (Some(average), Some((low, high))) = (average, extremes(means)) else {
        return td_string!(locale, history.day_none).to_owned();
    };
    let at = |slot: &SlotPoint| hours(locale, slot_of(&slot.local));
    td_string!(
        locale,
        history.day_said,
        mean = telling.full(average.avg),
        high_at = at(high.0),
        high = telling.full(high.1),
        low_at = at(low.0),
        low = telling.full(low.1)
    )
}

/// "가장 높은 때는 토요일 14–16시(24.8 °C), 가장 낮은 때는 월요일 04–06시(19.2 °C)."
pub fn pattern(telling: Telling, cells: &[PatternCell]) -> String {
    let locale = telling.locale;
    let means = cells
        .iter()
        .filter_map(|cell| Some((cell, telling.metric.mean(cell.means)?)));
    let Some((low, high)) = extremes(means) else {
        return td_string!(locale, history.pattern_none).to_owned();
    };
    let at = |cell: &PatternCell| {
        let weekday = weekday(td_string!(locale, history.weekdays_long), cell.weekday);
        td_string!(
            locale,
            history.weekday_hours,
            weekday = weekday,
            hours = hours(locale, cell.slot)
        )
    };
    td_string!(
        locale,
        history.pattern_said,
        high_at = at(high.0),
        high = telling.full(high.1),
        low_at = at(low.0),
        low = telling.full(low.1)
    )
}

/// "지난 24시간은 20.1 °C에서 23.4 °C 사이였어요."
pub fn course(telling: Telling, points: &[CoursePoint]) -> String {
    let means = points
        .iter()
        .filter_map(|point| Some((point, telling.metric.mean(point.means)?)));
    match extremes(means) {
        None => td_string!(telling.locale, history.course_none).to_owned(),
        Some((low, high)) => td_string!(
            telling.locale,
            history.course_said,
            low = telling.full(low.1),
            high = telling.full(high.1)
        ),
    }
}

/// "가장 따뜻한 방은 부엌(23.4 °C), 가장 서늘한 방은 욕실(21.0 °C)."
pub fn compared(telling: Telling, rooms: &[ComparedRoom]) -> String {
    let locale = telling.locale;
    let means = rooms
        .iter()
        .filter_map(|room| Some((room, telling.metric.mean(room.means)?)));
    let Some((low, high)) = extremes(means).filter(|(low, high)| low.0.room != high.0.room) else {
        return td_string!(locale, history.compare_none).to_owned();
    };
    let ((low_room, low), (high_room, high)) = (low, high);
    let (low_room, high_room) = (low_room.room.name.as_str(), high_room.room.name.as_str());
    let (low, high) = (telling.full(low), telling.full(high));
    match telling.metric {
        Metric::Temperature => td_string!(
            locale,
            history.warmest,
            high_room = high_room,
            high = high,
            low_room = low_room,
            low = low
        ),
        Metric::Humidity => td_string!(
            locale,
            history.dampest,
            high_room = high_room,
            high = high,
            low_room = low_room,
            low = low
        ),
    }
}

/// "06–08시" of the slot with this number.
pub fn hours(locale: Locale, slot: usize) -> String {
    let from = slot * 2;
    let (from, to) = (format!("{from:02}"), format!("{:02}", from + 2));
    td_string!(locale, date.hours, from = from, to = to)
}

/// The number of the slot that a local moment, as the server writes it, lies in.
pub fn slot_of(local: &str) -> usize {
    local
        .get(11..13)
        .and_then(|hour| hour.parse::<usize>().ok())
        .unwrap_or(0)
        / 2
}

/// The name of a weekday, 0 is Monday, in a list of seven.
pub fn weekday(names: &'static str, weekday: usize) -> &'static str {
    names.split(' ').nth(weekday).unwrap_or_default()
}

type Found<T> = (T, f64);

/// The first lowest and the first highest.
fn extremes<T: Copy>(values: impl Iterator<Item = Found<T>>) -> Option<(Found<T>, Found<T>)> {
    values.fold(None, |found, value| match found {
        None => Some((value, value)),
        Some((low, high)) => Some((
            if value.1 < low.1 { value } else { low },
            if value.1 > high.1 { value } else { high },
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::history::{Means, RoomName};
    use crate::api::rooms::DayPoint;

    const KO: Telling = Telling {
        locale: Locale::ko,
        degrees: Degrees::Celsius,
        metric: Metric::Temperature,
    };

    fn period_of(mean: Option<f64>, before: Option<f64>) -> PeriodView {
        let day = DayPoint {
            day: "2026-11-20".into(),
            start: 0,
            covered_min: 1440,
            length_min: 1440,
            n: 1,
            t: None,
            h: None,
        };
        let means = |value: Option<f64>| Means { t: value, h: value };
        PeriodView {
            days: vec![day; 7],
            means: means(mean),
            before: before.map(|before| means(Some(before))),
            alerts: Vec::new(),
        }
    }

    fn said(telling: Telling, mean: Option<f64>, before: Option<f64>) -> String {
        period(telling, &period_of(mean, before)).replace('\u{a0}', " ")
    }

    #[test]
    fn a_period_is_compared_with_the_one_before_it() {
        assert_eq!(
            said(KO, Some(22.3), Some(21.1)),
            "최근 7일은 그 앞 7일보다 1.2 °C 높았어요. 7일의 평균은 22.3 °C."
        );
        assert_eq!(
            said(KO, Some(20.0), Some(21.0)),
            "최근 7일은 그 앞 7일보다 1.0 °C 낮았어요. 7일의 평균은 20.0 °C."
        );
        assert!(said(KO, Some(20.0), Some(20.04)).starts_with("최근 7일은 그 앞 7일과 거의 같았어요."));
    }

    #[test]
    fn a_difference_is_told_in_the_reader_s_unit() {
        let english = Telling {
            locale: Locale::en,
            degrees: Degrees::Fahrenheit,
            ..KO
        };
        assert_eq!(
            said(english, Some(21.0), Some(20.0)),
            "The last 7 days were 1.8 °F higher than the 7 before. The average of 7 days is 69.8 °F."
        );
        let humidity = Telling {
            metric: Metric::Humidity,
            ..KO
        };
        assert!(said(humidity, Some(53.0), Some(50.0)).contains("3%p 높았어요"));
    }

    #[test]
    fn what_cannot_be_compared_is_not_and_what_is_not_there_is_said() {
        assert_eq!(said(KO, Some(22.3), None), "7일의 평균은 22.3 °C.");
        assert_eq!(said(KO, None, None), "최근 7일에는 기록이 없어요.");
    }

    #[test]
    fn the_warmest_and_the_coolest_hours_of_the_week_are_named() {
        let cell = |weekday, slot, t| PatternCell {
            weekday,
            slot,
            means: Means { t: Some(t), h: None },
        };
        let said = pattern(KO, &[cell(0, 2, 19.2), cell(5, 7, 24.8), cell(6, 0, 21.0)]).replace('\u{a0}', " ");
        assert_eq!(
            said,
            "가장 높은 때는 토요일 14–16시(24.8 °C), 가장 낮은 때는 월요일 04–06시(19.2 °C)."
        );
        assert_eq!(pattern(KO, &[]), "아직 기록이 없어요.");
    }

    #[test]
    fn a_lone_room_is_compared_with_nothing() {
        let room = |serial: &str, t| ComparedRoom {
            room: RoomName {
                serial: serial.into(),
                name: serial.into(),
            },
            days: Vec::new(),
            means: Means { t: Some(t), h: None },
        };
        assert_eq!(compared(KO, &[room("부엌", 20.0)]), "견줄 수 있는 방이 아직 없어요.");
        assert_eq!(
            compared(KO, &[room("부엌", 23.4), room("욕실", 21.0)]).replace('\u{a0}', " "),
            "가장 따뜻한 방은 부엌(23.4 °C), 가장 서늘한 방은 욕실(21.0 °C)."
        );
    }
}
