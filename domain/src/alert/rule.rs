//! What people ask to be told about, spelt as in the REST API.

use alloc::string::String;
use alloc::{borrow::ToOwned as _, format};

use serde::{Deserialize, Serialize};

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Temperature, °C.
    T,
    /// Relative humidity, %.
    H,
    /// Brightness as the device measures it, 0 to 4095.
    Light,
}

/// When to tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Rule {
    /// The value is higher than `limit` for `hold_s` seconds; over once it has come down by `hysteresis`.
    Above {
        /// What is watched.
        metric: Metric,
        /// In the metric's unit.
        limit: f64,
        /// In the metric's unit.
        #[serde(default)]
        hysteresis: f64,
        /// Seconds.
        #[serde(default)]
        hold_s: u32,
    },
    /// The value is lower than `limit` for `hold_s` seconds; over once it has risen by `hysteresis`.
    Below {
        /// What is watched.
        metric: Metric,
        /// In the metric's unit.
        limit: f64,
        /// In the metric's unit.
        #[serde(default)]
        hysteresis: f64,
        /// Seconds.
        #[serde(default)]
        hold_s: u32,
    },
    /// The value rises or falls by `delta` inside `window_s` seconds; over once it has been calm that long.
    Change {
        /// What is watched.
        metric: Metric,
        /// In the metric's unit.
        delta: f64,
        /// Seconds.
        window_s: u32,
    },
    /// Nothing has been measured for `after_s` seconds.
    Offline {
        /// Seconds; a device that measures seldom is given more.
        after_s: u32,
    },
    /// The sensor's values cannot be true.
    Fault {},
}

/// Why a rule makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The field that is wrong.
    pub field: &'static str,
    /// What it must be.
    pub reason: String,
}

/// A day and a week in seconds.
const DAY_S: u32 = 24 * 60 * 60;
const WEEK_S: u32 = 7 * DAY_S;

impl Metric {
    /// The name used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::T => "t",
            Self::H => "h",
            Self::Light => "light",
        }
    }

    /// What a sensor can measure at all.
    const fn range(self) -> (f64, f64) {
        match self {
            Self::T => (-40.0, 80.0),
            Self::H => (0.0, 100.0),
            Self::Light => (0.0, 4095.0),
        }
    }

    /// The least and the greatest distance back to normal: below the least, a value that wavers would alarm for ever.
    const fn hysteresis(self) -> (f64, f64) {
        match self {
            Self::T => (0.2, 20.0),
            Self::H => (1.0, 50.0),
            Self::Light => (10.0, 2000.0),
        }
    }

    /// What still is a change rather than noise, and what no room survives.
    const fn delta(self) -> (f64, f64) {
        match self {
            Self::T => (0.5, 60.0),
            Self::H => (2.0, 90.0),
            Self::Light => (50.0, 4095.0),
        }
    }
}

impl Rule {
    /// The name used in the API.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Above { .. } => "above",
            Self::Below { .. } => "below",
            Self::Change { .. } => "change",
            Self::Offline { .. } => "offline",
            Self::Fault {} => "fault",
        }
    }

    /// What it watches, if it watches a value.
    pub const fn metric(&self) -> Option<Metric> {
        match self {
            Self::Above { metric, .. } | Self::Below { metric, .. } | Self::Change { metric, .. } => Some(*metric),
            Self::Offline { .. } | Self::Fault {} => None,
        }
    }

    /// The same rule, with the least hysteresis in place of less.
    #[must_use]
    pub fn steadied(mut self) -> Self {
        if let Self::Above { metric, hysteresis, .. } | Self::Below { metric, hysteresis, .. } = &mut self {
            *hysteresis = hysteresis.max(metric.hysteresis().0);
        }
        self
    }

    /// Whether its numbers make sense.
    ///
    /// # Errors
    /// The first field that does not.
    pub fn check(&self) -> Result<(), Unfit> {
        match *self {
            Self::Above {
                metric,
                limit,
                hysteresis,
                hold_s,
            }
            | Self::Below {
                metric,
                limit,
                hysteresis,
                hold_s,
            } => {
                within("limit", limit, metric.range())?;
                within("hysteresis", hysteresis, metric.hysteresis())?;
                seconds("hold_s", hold_s, 0, DAY_S)
            }
            Self::Change {
                metric,
                delta,
                window_s,
            } => {
                if metric == Metric::Light {
                    return Err(Unfit {
                        field: "metric",
                        reason: "t or h".to_owned(),
                    });
                }
                within("delta", delta, metric.delta())?;
                seconds("window_s", window_s, 60, DAY_S / 4)
            }
            Self::Offline { after_s } => seconds("after_s", after_s, 60, WEEK_S),
            Self::Fault {} => Ok(()),
        }
    }
}

fn within(field: &'static str, value: f64, (least, most): (f64, f64)) -> Result<(), Unfit> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Unfit {
        field,
        reason: format!("{least} to {most}"),
    })
}

fn seconds(field: &'static str, value: u32, least: u32, most: u32) -> Result<(), Unfit> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Unfit {
        field,
        reason: format!("{least} to {most} seconds"),
    })
}

impl core::fmt::Display for Unfit {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&(self.field.to_owned() + ": " + &self.reason))
    }
}
