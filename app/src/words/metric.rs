//! The two things that are measured, and how each is told.

use super::number::{tenths, whole};
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

    /// The one of two bands that this metric is about.
    pub fn of(self, t: Option<Band>, h: Option<Band>) -> Option<Band> {
        match self {
            Self::Temperature => t,
            Self::Humidity => h,
        }
    }

    /// A value in short: `23.4°` or `48%`.
    pub fn figure(self, value: f64) -> String {
        match self {
            Self::Temperature => format!("{}°", tenths(value)),
            Self::Humidity => format!("{}%", whole(value)),
        }
    }

    /// A chart spans at least this much, so that a calm room looks calm.
    pub const fn least_span(self) -> f64 {
        match self {
            Self::Temperature => 3.0,
            Self::Humidity => 10.0,
        }
    }
}
