//! The one sentence for the whole home: it speaks for the worst room, and says how the others are.
//!
//! What people have asked to be told and what is remarkable in any home are both remarked upon. Fast changes and
//! great heat count even from a room that has fallen silent: that is when they matter most.

mod sentence;
#[cfg(test)]
mod tests;

use domain::presence::Presence;
use domain::trend::Trend;
use serde::{Deserialize, Serialize};

pub use sentence::{Sentence, sentence};

/// A change by this much within the trend's hour is no weather and no radiator, °C.
const FAST_CHANGE_C: f64 = 5.0;
/// From here on a room is too hot for people and for electronics, °C.
const HOT_C: f64 = 40.0;
/// From here down water pipes are at risk, °C.
const FREEZING_C: f64 = 0.0;

/// How the home is, in the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// No room has reported, ever or since we listen again.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    /// Its sensor cannot be believed.
    Broken,
    /// No news for too long.
    Silent,
    /// Drier than its people want.
    Dry,
    /// Damper than its people want.
    Humid,
    /// Colder than its people want.
    Cold,
    /// Warmer than its people want.
    Warm,
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
            Self::Hot | Self::Heating => Level::Danger,
            _ => Level::Look,
        }
    }
}

/// An alert of a room that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// What its people asked to be told.
    pub concern: Concern,
    /// The limit that was crossed, °C or %RH; a change, silence and a broken sensor have none.
    pub limit: Option<f64>,
    /// Where a change began, °C or %RH.
    pub from: Option<f64>,
    /// Whether it may wake people.
    pub danger: bool,
    /// Whether somebody has said that they know.
    pub known: bool,
}

impl Alarm {
    /// How urgent it is, and in what.
    pub const fn weight(&self) -> (Level, Concern) {
        let level = if self.danger && !self.known {
            Level::Danger
        } else {
            Level::Look
        };
        (level, self.concern)
    }
}

/// What is known about a room at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// What its people call it.
    pub name: String,
    /// Whether its device is there.
    pub presence: Presence,
    /// Whether its newest value must not be taken for the present one.
    pub stale: bool,
    /// The newest temperature, °C.
    pub t: Option<f64>,
    /// The newest humidity, %RH.
    pub h: Option<f64>,
    /// Where the temperature is going.
    pub trend: Option<Trend>,
    /// What its people were told of, most urgent, and is not over.
    pub alarm: Option<Alarm>,
}

impl Room {
    /// The most urgent thing to say about this room, if any, and how urgent it is.
    pub fn concern(&self) -> Option<(Level, Concern)> {
        let seen = self.remarkable().map(|concern| (concern.level(), concern));
        seen.max(self.alarm.as_ref().map(Alarm::weight))
    }

    /// What is remarkable in any home.
    fn remarkable(&self) -> Option<Concern> {
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
    if let Some(((level, concern), at)) = concerns().max_by_key(|(weight, at)| (*weight, rooms.len() - at)) {
        let others = concerns().count() - 1;
        return Verdict {
            level,
            lead: Some(at),
            concern: Some(concern),
            others,
            waiting,
        };
    }
    let with_value = |wanted: fn(&Room) -> bool| rooms.iter().position(|room| wanted(room) && room.t.is_some());
    let lead = with_value(|room| room.presence == Presence::Online)
        .or_else(|| with_value(|room| !room.stale))
        .or_else(|| with_value(|room| room.presence == Presence::Late));
    // What nobody has heard of lately is not known to be all right.
    let level = if rooms
        .iter()
        .all(|room| room.stale || room.presence == Presence::NeverSeen)
    {
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
