//! What the address of a room asks to see.

use crate::context::{use_degrees, use_locale};
use crate::words::history::Telling;
use crate::words::metric::Metric;

/// Periods the chart offers, in days.
pub const PERIODS: [u16; 4] = [7, 30, 90, 365];
/// The period nobody had to ask for.
const USUAL_PERIOD: u16 = 30;

/// A period and a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Days of the chart.
    pub days: u16,
    /// Quantity of the charts.
    pub metric: Metric,
}

impl Wish {
    /// The wish of a query; what is not offered becomes the usual.
    pub fn parse(days: Option<&str>, metric: Option<&str>) -> Self {
        let days = days
            .and_then(|days| days.parse().ok())
            .filter(|days| PERIODS.contains(days));
        Self {
            days: days.unwrap_or(USUAL_PERIOD),
            metric: metric.map(Metric::named).unwrap_or_default(),
        }
    }

    /// The address of the room's page with this wish, at one of its sections.
    pub fn room(self, serial: &str, section: &str) -> String {
        format!("/devices/{serial}?{}#{section}", self.query())
    }

    /// The address of the room's history with this wish, on that day; without one, today.
    pub fn history(self, serial: &str, day: Option<&str>, section: &str) -> String {
        let day = day.map(|day| format!("day={day}&")).unwrap_or_default();
        format!("/devices/{serial}/history?{day}{}#{section}", self.query())
    }

    /// The address of all rooms side by side with this wish.
    pub fn compare(self) -> String {
        format!("/compare?{}", self.query())
    }

    /// How to tell of it on the page being rendered.
    pub fn telling(self) -> Telling {
        Telling {
            locale: use_locale(),
            degrees: use_degrees(),
            metric: self.metric,
        }
    }

    fn query(self) -> String {
        format!("days={}&metric={}", self.days, self.metric.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_only_ask_for_what_is_offered() {
        assert_eq!(
            Wish::parse(Some("90"), Some("h")),
            Wish {
                days: 90,
                metric: Metric::Humidity
            }
        );
        assert_eq!(
            Wish::parse(Some("65535"), Some("x")),
            Wish {
                days: 30,
                metric: Metric::Temperature
            }
        );
    }

    #[test]
    fn a_wish_survives_the_way_to_another_page() {
        let wish = Wish::parse(None, None);
        assert_eq!(wish.room("TL-1", "daily"), "/devices/TL-1?days=30&metric=t#daily");
        assert_eq!(
            wish.history("TL-1", Some("2026-11-19"), "day"),
            "/devices/TL-1/history?day=2026-11-19&days=30&metric=t#day"
        );
        assert_eq!(wish.compare(), "/compare?days=30&metric=t");
    }
}
