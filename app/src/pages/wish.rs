//! What the address of a room asks to see.

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
    pub fn href(self, serial: &str, section: &str) -> String {
        format!(
            "/devices/{serial}?days={}&metric={}#{section}",
            self.days,
            self.metric.as_str()
        )
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
        assert_eq!(
            Wish::parse(None, None).href("TL-1", "daily"),
            "/devices/TL-1?days=30&metric=t#daily"
        );
    }
}
