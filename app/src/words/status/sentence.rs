//! A verdict in words.

use domain::presence::Presence;

use super::{Concern, Level, Room, Verdict};
use crate::i18n::{Locale, td_string};
use crate::words::degrees::Degrees;
use crate::words::{josa, number};

/// The sentence and the line below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// "집은 괜찮아요"
    pub headline: String,
    /// "거실 23.4 °C, 방금 전 · 모든 방이 평온해요"
    pub detail: String,
}

/// In which language and unit.
type Told = (Locale, Degrees);

/// Puts a verdict into words. `fresh` says when the leading room was measured ("42초 전", "15:24 측정").
pub fn sentence(locale: Locale, degrees: Degrees, verdict: &Verdict, rooms: &[Room], fresh: &str) -> Sentence {
    let lead = verdict.lead.and_then(|at| rooms.get(at));
    let (headline, facts) = match (lead, verdict.concern) {
        (Some(room), Some(concern)) => concerned((locale, degrees), verdict, rooms, room, concern, fresh),
        (lead, _) if verdict.level == Level::Calm => calm((locale, degrees), verdict, rooms, lead, fresh),
        (Some(room), _) => (
            td_string!(locale, status.catching_up).to_owned(),
            vec![
                td_string!(locale, status.catching_up_detail).to_owned(),
                last_value((locale, degrees), room, fresh),
            ],
        ),
        _ => (
            td_string!(locale, status.waiting).to_owned(),
            vec![td_string!(locale, status.waiting_detail).to_owned()],
        ),
    };
    Sentence {
        headline,
        detail: facts.join(" · "),
    }
}

fn calm(
    (locale, degrees): Told,
    verdict: &Verdict,
    rooms: &[Room],
    lead: Option<&Room>,
    fresh: &str,
) -> (String, Vec<String>) {
    let mut facts = Vec::new();
    if let Some((room, t)) = lead.and_then(|room| Some((room, room.t?))) {
        let value = degrees.full(t);
        facts.push(td_string!(
            locale,
            status.calm_detail,
            room = room.name.as_str(),
            value = value,
            fresh = fresh
        ));
    }
    let missed = rooms.iter().filter(|room| room.stale).count();
    if verdict.waiting > 0 {
        facts.push(td_string!(locale, status.calm_waiting, n = verdict.waiting));
    } else if missed > 0 {
        facts.push(td_string!(locale, status.calm_missed, n = missed));
    } else if rooms.len() > 1 {
        facts.push(td_string!(locale, status.calm_all).to_owned());
    }
    (td_string!(locale, status.calm).to_owned(), facts)
}

fn concerned(
    (locale, degrees): Told,
    verdict: &Verdict,
    rooms: &[Room],
    room: &Room,
    concern: Concern,
    fresh: &str,
) -> (String, Vec<String>) {
    let subject = josa::subject(locale, &room.name);
    let headline = match concern {
        Concern::Heating => td_string!(locale, status.heating, room = subject),
        Concern::Cooling => td_string!(locale, status.cooling, room = subject),
        Concern::Hot => td_string!(locale, status.hot, room = subject),
        Concern::Freezing => td_string!(locale, status.freezing, room = subject),
        Concern::Silent if silent_home(rooms) => {
            let facts = vec![
                td_string!(locale, status.silent_home_detail).to_owned(),
                last_value((locale, degrees), room, fresh),
            ];
            return (td_string!(locale, status.silent_home).to_owned(), facts);
        }
        Concern::Silent => td_string!(locale, status.silent, room = room.name.as_str()),
        Concern::Warm => td_string!(locale, status.warm, room = room.name.as_str()),
        Concern::Cold => td_string!(locale, status.cold, room = room.name.as_str()),
        Concern::Humid => td_string!(locale, status.humid, room = room.name.as_str()),
        Concern::Dry => td_string!(locale, status.dry, room = room.name.as_str()),
        Concern::Broken => td_string!(locale, status.broken, room = room.name.as_str()),
    };
    let mut facts = vec![match concern {
        Concern::Heating | Concern::Cooling => change((locale, degrees), room, fresh),
        Concern::Humid | Concern::Dry => last_humidity(locale, room, fresh),
        Concern::Broken => td_string!(locale, status.broken_detail).to_owned(),
        _ => last_value((locale, degrees), room, fresh),
    }];
    facts.extend(asked((locale, degrees), room, concern));
    if verdict.others > 0 {
        facts.push(td_string!(locale, status.others_look, n = verdict.others));
    } else if rooms.len() > 1 {
        facts.push(td_string!(locale, status.others_calm).to_owned());
    }
    (headline, facts)
}

/// Several rooms, and not one of them reports: then it is the house, not the room.
fn silent_home(rooms: &[Room]) -> bool {
    let mut seen = rooms.iter().filter(|room| room.presence != Presence::NeverSeen);
    rooms.len() > 1 && seen.all(|room| room.presence == Presence::Offline)
}

/// "50분 사이 23.1 → 29.4 °C, 4초 전"; without the minutes where its people were told where it began.
fn change((locale, degrees): Told, room: &Room, fresh: &str) -> String {
    let told = room.alarm.and_then(|alarm| alarm.from);
    if let (Some(from), Some(t)) = (told, room.t) {
        let (from, to) = (number::tenths(degrees.of(from)), degrees.full(t));
        return format!("{from} → {to}, {fresh}");
    }
    let (Some(t), Some(trend)) = (room.t, room.trend) else {
        return fresh.to_owned();
    };
    let from = number::tenths(degrees.of(t - trend.delta_c));
    let to = degrees.full(t);
    let change = td_string!(
        locale,
        status.change_detail,
        minutes = trend.minutes,
        from = from,
        to = to
    );
    format!("{change}, {fresh}")
}

/// "마지막 값 8.7 °C, 38분 전"
fn last_value((locale, degrees): Told, room: &Room, fresh: &str) -> String {
    let Some(t) = room.t else { return fresh.to_owned() };
    let value = degrees.full(t);
    let value = if room.stale {
        td_string!(locale, status.last, value = value)
    } else {
        value
    };
    format!("{value}, {fresh}")
}

/// "습도 72 %, 42초 전"
fn last_humidity(locale: Locale, room: &Room, fresh: &str) -> String {
    let Some(h) = room.h else { return fresh.to_owned() };
    let value = td_string!(locale, status.humidity, value = percent(h));
    format!("{value}, {fresh}")
}

fn percent(h: f64) -> String {
    format!("{}\u{a0}%", number::whole(h))
}

/// What its people had asked for, and whether they know already.
fn asked((locale, degrees): Told, room: &Room, concern: Concern) -> Vec<String> {
    let Some(alarm) = room.alarm.filter(|alarm| alarm.concern == concern) else {
        return Vec::new();
    };
    let limit = alarm.limit.and_then(|limit| match concern {
        Concern::Warm => Some(td_string!(locale, status.above, limit = degrees.full(limit))),
        Concern::Cold => Some(td_string!(locale, status.below, limit = degrees.full(limit))),
        Concern::Humid => Some(td_string!(locale, status.above, limit = percent(limit))),
        Concern::Dry => Some(td_string!(locale, status.below, limit = percent(limit))),
        _ => None,
    });
    let known = alarm.known.then(|| td_string!(locale, status.known).to_owned());
    limit.into_iter().chain(known).collect()
}
