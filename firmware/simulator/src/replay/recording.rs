//! Recorded rooms, as they come: gaps, repeated stamps and broken values included.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use domain::reading::Measured;

/// The first line of a recording.
const HEADER: &str = "ts_utc,device,temperature_c,humidity_pct";

/// One recorded reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// When, in ms of the recording's clock.
    pub at_ms: i64,
    /// What; a field without a number is absent.
    pub values: Measured,
}

/// One recorded room, its rows sorted by time; at least one.
#[derive(Clone, Debug)]
pub struct Room {
    /// Its name in the file.
    pub name: String,
    /// Its readings, shared by all devices that play it.
    pub rows: Arc<[Row]>,
}

/// Reads a recording: its rooms in the order of their first row.
pub fn read(file: &Path) -> Result<Vec<Room>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    parse(&text).with_context(|| shown.to_string())
}

fn parse(text: &str) -> Result<Vec<Room>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header = lines.next().unwrap_or_default().trim();
    ensure!(header == HEADER, "the first line is not {HEADER}");
    let mut rooms: Vec<(&str, Vec<Row>)> = Vec::new();
    let mut skipped = 0;
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let Some((name, row)) = parse_line(line) else {
            skipped += 1;
            continue;
        };
        match rooms.iter_mut().find(|(known, _)| *known == name) {
            Some((_, rows)) => rows.push(row),
            None => rooms.push((name, vec![row])),
        }
    }
    ensure!(!rooms.is_empty(), "no readings in it");
    if skipped > 0 {
        tracing::warn!(skipped, "lines without a time or a device");
    }
    Ok(rooms.into_iter().map(|(name, rows)| room(name, rows)).collect())
}

fn room(name: &str, mut rows: Vec<Row>) -> Room {
    rows.sort_by_key(|row| row.at_ms);
    Room {
        name: name.to_owned(),
        rows: rows.into(),
    }
}

fn parse_line(line: &str) -> Option<(&str, Row)> {
    let mut fields = line.split(',').map(str::trim);
    let at_ms = fields.next()?.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    let name = fields.next().filter(|name| !name.is_empty())?;
    let mut number = || {
        fields
            .next()
            .and_then(|text| text.parse().ok())
            .filter(|number: &f64| number.is_finite())
    };
    let values = Measured {
        t: number(),
        h: number(),
    };
    Some((name, Row { at_ms, values }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_come_in_order_with_their_rows_sorted() {
        let text = format!(
            "{HEADER}\n2016-01-11T17:10:00Z,living,19.2,44.79\n2016-01-11T17:00:00Z,bath,17.167,55.2\n\
             2016-01-11T17:00:00.250Z,living,19.1,44\n"
        );
        let rooms = parse(&text).unwrap();
        assert_eq!(
            rooms.iter().map(|room| room.name.as_str()).collect::<Vec<_>>(),
            ["living", "bath"]
        );
        let times: Vec<_> = rooms[0]
            .rows
            .iter()
            .map(|row| row.at_ms - rooms[1].rows[0].at_ms)
            .collect();
        assert_eq!(times, [250, 600_000]);
        assert_eq!(
            rooms[1].rows[0].values,
            Measured {
                t: Some(17.167),
                h: Some(55.2)
            }
        );
    }

    #[test]
    fn values_that_are_no_numbers_are_absent_and_wild_ones_kept() {
        let text = format!(
            "{HEADER}\n2016-01-11T17:00:00Z,a,NaN,55\n2016-01-11T17:01:00Z,a,,\n2016-01-11T17:02:00Z,a,394,inf\n\
             2016-01-11T17:03:00Z,a\n"
        );
        let values: Vec<_> = parse(&text).unwrap()[0]
            .rows
            .iter()
            .map(|row| (row.values.t, row.values.h))
            .collect();
        assert_eq!(
            values,
            [(None, Some(55.0)), (None, None), (Some(394.0), None), (None, None)]
        );
    }

    #[test]
    fn lines_without_time_or_device_are_passed_over() {
        let text = format!("{HEADER}\nnonsense\n,a,1,2\n2016-01-11T17:00:00Z,,1,2\n\n2016-01-11T17:00:00Z,a,1,2\n");
        assert_eq!(parse(&text).unwrap()[0].rows.len(), 1);
    }

    #[test]
    fn another_kind_of_file_is_refused() {
        assert!(parse("time,value\n1,2\n").is_err());
        assert!(parse(HEADER).is_err());
    }
}
