//! The one sentence for the whole home: it speaks for the worst room, and says how the others are.
//!
//! Nobody has set a rule here yet, so only what is remarkable in any home is remarked upon. Fast changes and
//! great heat count even from a room that has fallen silent: that is when they matter most.

use domain::presence::Presence;
use domain::trend::Trend;

use super::degrees::Degrees;
use super::{josa, number};
use crate::i18n::{Locale, td_string};

/// A change by this much within the trend's hour is no weather and no radiator, °C.
const FAST_CHANGE_C: f64 = 5.0;
/// From here on a room is too hot for people and for electronics, °C.
const HOT_C: f64 = 40.0;
/// From here down water pipes are at risk, °C.
const FREEZING_C: f64 = 0.0;

/// How the home is, in the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// No room has ever reported.
    Waiting,
    /// Nothing to do.
    Calm,
    /// Worth a look.
    Look,
    /// Worth going home.
    Danger,
}

impl Level {
    /// The name used in class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Calm => "calm",
            Self::Look => "look",
            Self::Danger => "danger",
        }
    }
}

/// What is remarkable about a room, least urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// No news for too long.
    Silent,
    /// Losing heat fast.
    Cooling,
    /// Cold enough for pipes to burst.
    Freezing,
    /// Far too hot.
    Hot,
    /// Gaining heat fast.
    Heating,
}

impl Concern {
    /// How urgent that is.
    pub const fn level(self) -> Level {
        match self {
            Self::Silent | Self::Cooling | Self::Freezing => Level::Look,
            Self::Hot | Self::Heating => Level::Danger,
        }
    }
}

/// What is known about a room at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// What its people call it.
    pub name: String,
    /// Whether its device is there.
    pub presence: Presence,
    /// The newest temperature, °C.
    pub t: Option<f64>,
    /// Where the temperature is going.
    pub trend: Option<Trend>,
}

impl Room {
    /// The most urgent thing to say about this room, if any.
    pub fn concern(&self) -> Option<Concern> {
        if self.presence == Presence::NeverSeen {
            return None;
        }
        let change = self.trend.map_or(0.0, |trend| trend.delta_c);
        [
            (change >= FAST_CHANGE_C, Concern::Heating),
            (self.t.is_some_and(|t| t >= HOT_C), Concern::Hot),
            (self.t.is_some_and(|t| t <= FREEZING_C), Concern::Freezing),
            (change <= -FAST_CHANGE_C, Concern::Cooling),
            (self.presence == Presence::Offline, Concern::Silent),
        ]
        .into_iter()
        .find_map(|(holds, concern)| holds.then_some(concern))
    }
}

/// What to say about a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How the home is.
    pub level: Level,
    /// The room the sentence names, by its place in the list.
    pub lead: Option<usize>,
    /// What is remarkable about that room.
    pub concern: Option<Concern>,
    /// How many other rooms are remarkable as well.
    pub others: usize,
    /// How many rooms have never reported.
    pub waiting: usize,
}

/// Weighs all rooms of a home.
pub fn judge(rooms: &[Room]) -> Verdict {
    let waiting = rooms.iter().filter(|room| room.presence == Presence::NeverSeen).count();
    let concerns = || {
        rooms
            .iter()
            .enumerate()
            .filter_map(|(at, room)| Some((room.concern()?, at)))
    };
    // Among equals the first room of the list speaks.
    if let Some((concern, at)) = concerns().max_by_key(|(concern, at)| (*concern, rooms.len() - at)) {
        let others = concerns().count() - 1;
        return Verdict {
            level: concern.level(),
            lead: Some(at),
            concern: Some(concern),
            others,
            waiting,
        };
    }
    let by_presence = |wanted| {
        rooms
            .iter()
            .position(|room| room.presence == wanted && room.t.is_some())
    };
    let lead = by_presence(Presence::Online).or_else(|| by_presence(Presence::Late));
    let level = if waiting == rooms.len() {
        Level::Waiting
    } else {
        Level::Calm
    };
    Verdict {
        level,
        lead,
        concern: None,
        others: 0,
        waiting,
    }
}

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
    if verdict.waiting > 0 {
        facts.push(td_string!(locale, status.calm_waiting, n = verdict.waiting));
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
    };
    let mut facts = vec![match concern {
        Concern::Heating | Concern::Cooling => change((locale, degrees), room, fresh),
        _ => last_value((locale, degrees), room, fresh),
    }];
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

/// "50분 사이 23.1 → 29.4 °C, 4초 전"
fn change((locale, degrees): Told, room: &Room, fresh: &str) -> String {
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
    let value = match room.presence {
        Presence::Offline => td_string!(locale, status.last, value = value),
        _ => value,
    };
    format!("{value}, {fresh}")
}
