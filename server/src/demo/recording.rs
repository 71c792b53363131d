//! Recorded rooms, moved to the present.

use std::path::Path;

use domain::reading::Measured;
use domain::time::Timestamp;
use jiff::Span;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::error::{Error, Result};
use crate::zone;

/// The recording's days after the one that becomes today: the simulator has them left to play.
const DAYS_AFTER_TODAY: i64 = 40;

/// A room and what was measured in it, by its wall clock.
#[derive(Debug)]
pub(super) struct Room {
    pub name: String,
    readings: Vec<(DateTime, Measured)>,
}

/// Reads `ts_utc,device,temperature_c,humidity_pct`, sorted by time. Rooms are in the order of their first reading.
pub(super) fn read(file: &Path) -> Result<Vec<Room>> {
    let text = std::fs::read_to_string(file).map_err(|source| Error::Io {
        context: format!("read {}", file.display()),
        source,
    })?;
    parse(&text).map_err(|line| Error::Config(format!("{}: line {line} is no reading", file.display())))
}

/// `Err` holds the number of the line that makes no sense.
fn parse(text: &str) -> std::result::Result<Vec<Room>, usize> {
    let mut rooms: Vec<Room> = Vec::new();
    for (index, line) in text.lines().enumerate().skip(1) {
        let (name, wall, measured) = parse_line(line).ok_or(index + 1)?;
        let known = rooms.iter().position(|room| room.name == name);
        let position = known.unwrap_or_else(|| {
            rooms.push(Room {
                name: name.to_owned(),
                readings: Vec::new(),
            });
            rooms.len() - 1
        });
        rooms[position].readings.push((wall, measured));
    }
    Ok(rooms)
}

fn parse_line(line: &str) -> Option<(&str, DateTime, Measured)> {
    let mut fields = line.split(',');
    // The recording's own wall clock, written as if it were UTC.
    let wall = fields.next()?.strip_suffix('Z')?.parse().ok()?;
    let name = fields.next()?;
    let mut value = || fields.next().map(str::trim).map(|text| text.parse::<f64>().ok());
    Some((
        name,
        wall,
        Measured {
            t: value()?,
            h: value()?,
        },
    ))
}

impl Room {
    /// The last `days` days of readings as if they had been measured until `now`.
    pub(super) fn until(&self, now: Timestamp, days: u16, zone: &TimeZone) -> Vec<(Timestamp, Measured)> {
        let today = zone::day_of(zone, now);
        let Some(moved) = self.recorded_today().and_then(|recorded| recorded.until(today).ok()) else {
            return Vec::new();
        };
        let first = zone::start_of(zone, today.saturating_sub(Span::new().days(i64::from(days))));
        self.readings
            .iter()
            .map(|(wall, measured)| (zone::resolve(zone, wall.saturating_add(moved)), *measured))
            .filter(|(at, _)| (first..=now).contains(at))
            .collect()
    }

    /// The recorded day that becomes today.
    fn recorded_today(&self) -> Option<Date> {
        let (last, _) = self.readings.last()?;
        Some(last.date().saturating_sub(Span::new().days(DAYS_AFTER_TODAY)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: &str = "ts_utc,device,temperature_c,humidity_pct\n\
        2016-01-01T08:00:00Z,bath,17.5,55\n2016-01-01T08:00:00Z,living,20.5,45\n\
        2016-01-01T18:00:00Z,bath,18.5,\n2016-02-10T08:00:00Z,bath,19,50\n";

    #[test]
    fn a_recorded_morning_is_a_morning_of_the_household() {
        let rooms = parse(CSV).unwrap();
        let zone = zone::find("Asia/Seoul").unwrap();
        let noon = "2026-11-20T12:00:00+09:00"
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_millisecond();
        let history = rooms[0].until(Timestamp::from_millis(noon), 90, &zone);
        assert_eq!(history.len(), 1);
        assert_eq!(zone::rfc3339(&zone, history[0].0), "2026-11-20T08:00:00+09:00");
        assert_eq!(
            history[0].1,
            Measured {
                t: Some(17.5),
                h: Some(55.0)
            }
        );
    }

    #[test]
    fn rooms_are_kept_apart_and_missing_values_missing() {
        let rooms = parse(CSV).unwrap();
        assert_eq!(
            rooms.iter().map(|room| room.name.as_str()).collect::<Vec<_>>(),
            ["bath", "living"]
        );
        assert_eq!(rooms[0].readings[1].1, Measured { t: Some(18.5), h: None });
    }

    #[test]
    fn a_broken_line_is_named() {
        assert_eq!(
            parse("head\n2016-01-01T08:00:00Z,bath,17.5,55\nnonsense\n").unwrap_err(),
            3
        );
    }
}
