//! What the home's sentence says in which situation.

use domain::presence::Presence;
use domain::trend::Trend;

use super::{Alarm, Concern, Level, Room, Sentence, judge, sentence};
use crate::i18n::Locale;
use crate::words::degrees::Degrees;

fn room(name: &str, t: f64) -> Room {
    Room {
        name: name.into(),
        presence: Presence::Online,
        stale: false,
        t: Some(t),
        h: Some(72.0),
        trend: None,
        alarm: None,
    }
}

fn trend(delta_c: f64) -> Trend {
    Trend { delta_c, minutes: 50 }
}

fn say(locale: Locale, rooms: &[Room]) -> (Level, Sentence) {
    let verdict = judge(rooms);
    let fresh = if locale == Locale::ko { "방금 전" } else { "just now" };
    (
        verdict.level,
        sentence(locale, Degrees::Celsius, &verdict, rooms, fresh),
    )
}

fn sentence_of(headline: &str, detail: &str) -> Sentence {
    Sentence {
        headline: headline.into(),
        detail: detail.replace(" °C", "\u{a0}°C"),
    }
}

#[test]
fn a_home_where_every_room_reports_is_all_right() {
    let rooms = [room("거실", 23.4), room("부엌", 22.0)];
    let calm = sentence_of("집은 괜찮아요", "거실 23.4 °C, 방금 전 · 모든 방이 평온해요");
    assert_eq!(say(Locale::ko, &rooms), (Level::Calm, calm));
    let calm = sentence_of("Home is all right", "거실 23.4 °C, just now · every room is calm");
    assert_eq!(say(Locale::en, &rooms), (Level::Calm, calm));
}

#[test]
fn a_room_that_heats_up_fast_is_danger_and_speaks_first() {
    let kitchen = Room {
        trend: Some(trend(6.3)),
        ..room("부엌", 29.4)
    };
    let bath = Room {
        presence: Presence::Offline,
        stale: true,
        ..room("욕실", 21.0)
    };
    let danger = sentence_of(
        "부엌이 빠르게 더워지고 있어요",
        "50분 사이 23.1 → 29.4 °C, 방금 전 · 다른 방 1곳도 살펴봐 주세요",
    );
    assert_eq!(say(Locale::ko, &[bath, kitchen]), (Level::Danger, danger));
}

#[test]
fn a_room_that_heated_up_before_it_fell_silent_stays_danger() {
    let kitchen = Room {
        presence: Presence::Offline,
        stale: true,
        trend: Some(trend(6.3)),
        ..room("부엌", 29.4)
    };
    assert_eq!(kitchen.concern(), Some((Level::Danger, Concern::Heating)));
}

#[test]
fn a_silent_room_is_worth_a_look_while_the_others_are_calm() {
    let bath = Room {
        presence: Presence::Offline,
        stale: true,
        ..room("욕실", 8.7)
    };
    let look = sentence_of(
        "욕실에서 소식이 없어요",
        "마지막 값 8.7 °C, 방금 전 · 다른 방은 괜찮아요",
    );
    assert_eq!(say(Locale::ko, &[room("거실", 23.4), bath]), (Level::Look, look));
}

#[test]
fn when_no_room_reports_it_is_the_home_that_is_silent() {
    let silent = |name| Room {
        presence: Presence::Offline,
        stale: true,
        ..room(name, 20.0)
    };
    let (level, said) = say(Locale::ko, &[silent("거실"), silent("부엌")]);
    assert_eq!((level, said.headline.as_str()), (Level::Look, "집에서 소식이 없어요"));
    let (_, said) = say(Locale::ko, &[silent("거실")]);
    assert_eq!(said.headline, "거실에서 소식이 없어요");
}

#[test]
fn heat_and_frost_are_named() {
    assert_eq!(
        say(Locale::ko, &[room("부엌", 41.0)]).1.headline,
        "부엌이 너무 뜨거워요"
    );
    assert_eq!(
        say(Locale::ko, &[room("베란다", -1.0)]).1.headline,
        "베란다가 얼 만큼 추워요"
    );
    let cooling = Room {
        trend: Some(trend(-5.5)),
        ..room("침실", 15.0)
    };
    assert_eq!(say(Locale::ko, &[cooling]).1.headline, "침실이 빠르게 식고 있어요");
}

#[test]
fn a_late_reading_alone_alarms_nobody() {
    let late = Room {
        presence: Presence::Late,
        ..room("거실", 23.4)
    };
    assert_eq!(say(Locale::ko, &[late]).0, Level::Calm);
}

#[test]
fn after_our_own_restart_nothing_is_claimed_until_a_room_reports() {
    let missed = |name| Room {
        presence: Presence::Late,
        stale: true,
        ..room(name, 21.0)
    };
    let (level, said) = say(Locale::ko, &[missed("거실"), missed("부엌")]);
    let waiting = sentence_of(
        "방들의 소식을 기다리고 있어요",
        "서버가 방금 다시 듣기 시작했어요 · 마지막 값 21.0 °C, 방금 전",
    );
    assert_eq!((level, said), (Level::Waiting, waiting));
    let (level, said) = say(Locale::en, &[missed("Bath"), room("Living room", 23.4)]);
    let calm = sentence_of(
        "Home is all right",
        "Living room 23.4 °C, just now · 1 still to be heard from again",
    );
    assert_eq!((level, said), (Level::Calm, calm));
}

#[test]
fn a_home_without_any_reading_waits_and_claims_nothing() {
    let new = Room {
        presence: Presence::NeverSeen,
        t: None,
        ..room("거실", 0.0)
    };
    let (level, said) = say(Locale::ko, std::slice::from_ref(&new));
    assert_eq!(
        (level, said.headline.as_str()),
        (Level::Waiting, "첫 소식을 기다리고 있어요")
    );
    let (level, said) = say(Locale::ko, &[new, room("부엌", 22.0)]);
    assert_eq!(level, Level::Calm);
    assert!(said.detail.ends_with("방 1곳은 첫 소식을 기다려요"), "{}", said.detail);
}

#[test]
fn a_reader_of_fahrenheit_reads_fahrenheit() {
    let kitchen = Room {
        trend: Some(trend(6.3)),
        ..room("Kitchen", 29.4)
    };
    let verdict = judge(std::slice::from_ref(&kitchen));
    let said = sentence(Locale::en, Degrees::Fahrenheit, &verdict, &[kitchen], "just now");
    assert!(said.detail.contains("73.6 → 84.9\u{a0}°F"), "{}", said.detail);
}

fn alarmed(concern: Concern, limit: Option<f64>, danger: bool, known: bool) -> Alarm {
    Alarm {
        concern,
        limit,
        from: None,
        danger,
        known,
    }
}

#[test]
fn what_people_asked_to_be_told_is_said_beside_their_limit() {
    let bath = Room {
        alarm: Some(alarmed(Concern::Humid, Some(60.0), false, false)),
        ..room("욕실", 21.0)
    };
    let rooms = [room("거실", 23.4), bath];
    let humid = sentence_of(
        "욕실 습도가 높아요",
        "습도 72\u{a0}%, 방금 전 · 정해 둔 60\u{a0}%보다 높아요 · 다른 방은 괜찮아요",
    );
    assert_eq!(say(Locale::ko, &rooms), (Level::Look, humid));
    let humid = sentence_of(
        "욕실 is humid",
        "humidity 72\u{a0}%, just now · above your limit of 60\u{a0}% · the other rooms are all right",
    );
    assert_eq!(say(Locale::en, &rooms), (Level::Look, humid));
}

#[test]
fn a_change_that_was_told_says_where_it_began() {
    let kitchen = Room {
        alarm: Some(Alarm {
            from: Some(22.0),
            ..alarmed(Concern::Heating, None, true, false)
        }),
        trend: Some(trend(0.0)),
        ..room("Kitchen", 29.5)
    };
    let told = sentence_of("Kitchen is heating up fast", "22.0 → 29.5 °C, just now");
    assert_eq!(say(Locale::en, &[kitchen]), (Level::Danger, told));
}

#[test]
fn danger_stays_danger_until_somebody_knows() {
    let hot = |known| Room {
        alarm: Some(alarmed(Concern::Warm, Some(30.0), true, known)),
        ..room("Kitchen", 31.2)
    };
    let told = sentence_of(
        "Kitchen is warmer than you want",
        "31.2 °C, just now · above your limit of 30.0 °C",
    );
    assert_eq!(say(Locale::en, &[hot(false)]), (Level::Danger, told));
    let known = sentence_of(
        "Kitchen is warmer than you want",
        "31.2 °C, just now · above your limit of 30.0 °C · somebody knows already",
    );
    assert_eq!(say(Locale::en, &[hot(true)]), (Level::Look, known));
}

#[test]
fn every_concern_has_words_of_its_own_in_both_languages() {
    for locale in [Locale::ko, Locale::en] {
        let mut said = std::collections::BTreeSet::new();
        for concern in [
            Concern::Broken,
            Concern::Silent,
            Concern::Dry,
            Concern::Humid,
            Concern::Cold,
            Concern::Warm,
            Concern::Cooling,
            Concern::Freezing,
            Concern::Hot,
            Concern::Heating,
        ] {
            let told = Room {
                alarm: Some(alarmed(concern, None, false, false)),
                ..room("거실", 21.0)
            };
            assert!(said.insert(say(locale, &[told]).1.headline), "{concern:?}");
        }
    }
}
