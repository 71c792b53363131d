//! What letters and the log say, word for word.

use app::Degrees;
use domain::alert::{Metric, Point, Rule};
use domain::time::Timestamp;

use super::quantity::{SECOND_MS, span};
use super::{Reader, Tale, headline, sentence};
use crate::mail::Language;

const NOON: Timestamp = Timestamp::from_millis(1_795_143_600_000);

const KO: Reader = Reader {
    language: Language::Ko,
    degrees: Degrees::Celsius,
};
const EN: Reader = Reader {
    language: Language::En,
    ..KO
};

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
    [KO, EN].map(|reader| sentence(tale, reader, is_over, NOON.plus_millis(600_000)))
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
    assert_eq!(headline("집", &[change()], KO, false), "거실 23.1 → 29.4 °C (8분)");
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
    assert_eq!(headline("우리 집", &both, KO, false), "우리 집: 알림 2건");
    assert_eq!(headline("우리 집", &both, EN, true), "우리 집: 2 back to normal");
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

#[test]
fn whoever_reads_fahrenheit_is_told_in_fahrenheit() {
    let reader = Reader {
        degrees: Degrees::Fahrenheit,
        ..EN
    };
    let now = NOON.plus_millis(600_000);
    assert_eq!(
        sentence(&change(), reader, false, now),
        "거실: temperature rose 73.6 → 84.9 °F in 8 min."
    );
    assert_eq!(
        headline("집", &[change()], reader, false),
        "거실 73.6 → 84.9 °F (8 min)"
    );
    let humid = tale(Rule::Above {
        metric: Metric::H,
        limit: 60.0,
        hysteresis: 3.0,
        hold_s: 0,
    });
    let damp = Tale {
        value: Some(72.0),
        ..humid
    };
    assert_eq!(
        sentence(&damp, reader, false, now),
        "거실: humidity is 72 %, above your limit of 60 %."
    );
}
