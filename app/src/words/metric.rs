//! The two things that are measured, and how each is told.

use super::degrees::Degrees;
use super::number::{tenths, whole};
use crate::api::history::Means;
use crate::api::rooms::Band;
use crate::i18n::{Locale, td_string};

/// Which quantity a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    /// Temperature in °C.
    #[default]
    Temperature,
    /// Relative humidity in %.
    Humidity,
}

impl Metric {
    /// The name used in addresses, as in the rules of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Temperature => "t",
            Self::Humidity => "h",
        }
    }

    /// The metric of that name; anything unknown is the temperature.
    pub fn named(name: &str) -> Self {
        if name == "h" { Self::Humidity } else { Self::Temperature }
    }

    /// Its name in words.
    pub fn words(self, locale: Locale) -> &'static str {
        match self {
            Self::Temperature => td_string!(locale, card.temperature),
            Self::Humidity => td_string!(locale, card.humidity),
        }
    }

    /// The one of two values that this metric is about.
    pub fn of<T>(self, t: T, h: T) -> T {
        match self {
            Self::Temperature => t,
            Self::Humidity => h,
        }
    }

    /// The one of two means that this metric is about.
    pub fn mean(self, means: Means) -> Option<f64> {
        self.of(means.t, means.h)
    }

    /// A value in the unit it is read in.
    pub fn shown(self, degrees: Degrees, value: f64) -> f64 {
        self.of(degrees.of(value), value)
    }

    /// The same of a band.
    pub fn shown_band(self, degrees: Degrees, band: Band) -> Band {
        let shown = |value| self.shown(degrees, value);
        Band {
            avg: shown(band.avg),
            min: shown(band.min),
            max: shown(band.max),
        }
    }

    /// A value in short: `23.4°` or `48%`.
    pub fn figure(self, degrees: Degrees, value: f64) -> String {
        match self {
            Self::Temperature => degrees.short(value),
            Self::Humidity => format!("{}%", whole(value)),
        }
    }

    /// A value with its unit: `23.4 °C` or `48%`.
    pub fn full(self, degrees: Degrees, value: f64) -> String {
        self.of(degrees.full(value), self.figure(degrees, value))
    }

    /// A difference with its unit, `1.2 °C` or `3%p`; `None` if it is too small to be told.
    pub fn difference(self, locale: Locale, degrees: Degrees, value: f64) -> Option<String> {
        let value = value.abs();
        match self {
            Self::Temperature if value < 0.1 => None,
            Self::Temperature => Some(format!(
                "{}\u{a0}{}",
                tenths(degrees.of_difference(value)),
                degrees.symbol()
            )),
            Self::Humidity if value < 1.0 => None,
            Self::Humidity => Some(td_string!(locale, history.points, n = whole(value))),
        }
    }

    /// What is written behind a short number on an axis.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Temperature => "°",
            Self::Humidity => "%",
        }
    }

    /// A chart spans at least this much, in °C or %, so that a calm room looks calm.
    pub const fn least_span(self) -> f64 {
        match self {
            Self::Temperature => 3.0,
            Self::Humidity => 10.0,
        }
    }
}
