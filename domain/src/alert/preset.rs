//! Sets of rules for the worries people really have, one tap away.

use alloc::vec;
use alloc::vec::Vec;

use super::rule::{Metric, Rule};

/// A worry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// The gas valve, a fire.
    Fire,
    /// Damp walls.
    Mould,
    /// Pipes in winter.
    Frost,
    /// Wine, instruments, books: what wants steady air.
    Treasure,
}

const MINUTE_S: u32 = 60;
const HOUR_S: u32 = 60 * MINUTE_S;

impl Preset {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 4] = [Self::Fire, Self::Mould, Self::Frost, Self::Treasure];

    /// The name used in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fire => "fire",
            Self::Mould => "mould",
            Self::Frost => "frost",
            Self::Treasure => "treasure",
        }
    }

    /// Reads [`Preset::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text)
    }

    /// Whether it may wake people.
    pub const fn is_danger(self) -> bool {
        matches!(self, Self::Fire | Self::Frost)
    }

    /// Seconds after which it is said again until somebody acknowledges; 0: once.
    pub const fn repeat_s(self) -> u32 {
        match self {
            Self::Fire => 5 * MINUTE_S,
            Self::Frost => HOUR_S,
            Self::Mould | Self::Treasure => 0,
        }
    }

    /// Its rules.
    pub fn rules(self) -> Vec<Rule> {
        let above = |metric, limit, hysteresis, hold_s| Rule::Above {
            metric,
            limit,
            hysteresis,
            hold_s,
        };
        let below = |metric, limit, hysteresis, hold_s| Rule::Below {
            metric,
            limit,
            hysteresis,
            hold_s,
        };
        let change = |delta, window_s| Rule::Change {
            metric: Metric::T,
            delta,
            window_s,
        };
        match self {
            Self::Fire => vec![
                change(5.0, 10 * MINUTE_S),
                above(Metric::T, 40.0, 2.0, 0),
                Rule::Offline { after_s: 10 * MINUTE_S },
            ],
            Self::Mould => vec![above(Metric::H, 70.0, 5.0, 2 * HOUR_S)],
            Self::Frost => vec![
                below(Metric::T, 4.0, 1.0, 10 * MINUTE_S),
                Rule::Offline { after_s: HOUR_S },
            ],
            Self::Treasure => vec![
                above(Metric::H, 65.0, 3.0, 30 * MINUTE_S),
                below(Metric::H, 40.0, 3.0, 30 * MINUTE_S),
                change(4.0, HOUR_S),
            ],
        }
    }
}
