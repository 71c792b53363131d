//! Tables that every spreadsheet reads, and that make none of them run anything.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is taken for a formula, and so is what follows a
//! separator inside a cell where another separator is usual. Texts get an apostrophe in front of such a character;
//! numbers and times are written by us and need none.

use jiff::tz::TimeZone;

use crate::db::audit_events::AuditEvent;
use crate::db::devices::Device;
use crate::history::{Band, Point, Step};
use crate::zone;

/// Tells Excel that the file is UTF-8; every other program skips it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Columns of `events.csv`.
pub(super) const EVENT_COLUMNS: [&str; 5] = ["at", "action", "ip", "device", "detail"];
/// Columns of `readings/*.csv`.
pub(super) const READING_COLUMNS: [&str; 3] = ["at", "t", "h"];
/// Columns of `two-hours/*.csv`.
pub(super) const SLOT_COLUMNS: [&str; 9] = [
    "start", "n", "coverage", "t_avg", "t_min", "t_max", "h_avg", "h_min", "h_max",
];
const DEVICE_COLUMNS: [&str; 9] = [
    "serial",
    "name",
    "room",
    "zone",
    "interval_s",
    "t_offset",
    "h_offset",
    "model",
    "firmware",
];

/// Rows of a table.
#[derive(Default)]
pub(super) struct Sheet(String);

impl Sheet {
    /// The beginning of a file.
    pub(super) fn with_head(columns: &[&str]) -> Self {
        Self(format!("{BYTE_ORDER_MARK}{}\r\n", columns.join(",")))
    }

    /// As a file holds it.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn row(&mut self, cells: &[String]) {
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// `devices.csv`
pub(super) fn devices(devices: &[Device]) -> Sheet {
    let mut sheet = Sheet::with_head(&DEVICE_COLUMNS);
    for device in devices {
        sheet.row(&[
            device.serial.to_string(),
            text(&device.name),
            text(&device.room),
            text(&device.zone),
            device.interval_s.to_string(),
            device.t_offset.to_string(),
            device.h_offset.to_string(),
            text(&device.model),
            text(device.fw.as_deref().unwrap_or_default()),
        ]);
    }
    sheet
}

/// A line of `events.csv`
pub(super) fn event(sheet: &mut Sheet, event: &AuditEvent) {
    sheet.row(&[
        zone::rfc3339(&TimeZone::UTC, event.at),
        text(&event.action),
        text(&event.ip),
        text(&event.device),
        text(event.detail.as_deref().unwrap_or_default()),
    ]);
}

/// A line of a series
pub(super) fn point(sheet: &mut Sheet, point: &Point, step: Step, zone: &TimeZone) {
    let average = |band: Option<Band>| band.map(|band| band.avg.to_string()).unwrap_or_default();
    if step == Step::Raw {
        let at = zone::rfc3339_millis(zone, point.start);
        sheet.row(&[at, average(point.t), average(point.h)]);
        return;
    }
    let mut cells = vec![
        zone::rfc3339(zone, point.start),
        point.n.to_string(),
        point.coverage.to_string(),
    ];
    for band in [point.t, point.h] {
        let numbers = band.map(|band| [band.avg, band.min, band.max].map(|number| number.to_string()));
        cells.extend(numbers.unwrap_or_default());
    }
    sheet.row(&cells);
}

/// A text as a cell: quoted, in one line, and never a formula.
fn text(value: &str) -> String {
    let mut cell = String::from("\"");
    let mut is_first = true;
    for mut c in value.chars() {
        if c.is_control() {
            c = ' ';
        }
        if is_first && begins_formula(c) {
            cell.push('\'');
        }
        if c == '"' {
            cell.push('"');
        }
        cell.push(c);
        // After these a program with other habits may begin a new cell.
        is_first =
            matches!(c, ',' | ';' | '|' | '"' | '\'' | '\u{ff0c}' | '\u{ff1b}') || (is_first && c.is_whitespace());
    }
    cell.push('"');
    cell
}

/// The wide forms too: spreadsheets of East Asia take them for the narrow ones.
const fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_formula_stays_a_name() {
        let cells = [
            ("=1+1", "\"'=1+1\""),
            ("+82-10", "\"'+82-10\""),
            ("-5", "\"'-5\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\" '=1\""),
            ("\r\n=1", "\"  '=1\""),
            (" =1", "\" '=1\""),
            ("＝1", "\"'＝1\""),
            ("a;=cmd|' /C calc'!A0", "\"a;'=cmd|' /C calc'!A0\""),
            ("\"=1", "\"\"\"'=1\""),
            ("a,@b", "\"a,'@b\""),
        ];
        for (name, cell) in cells {
            assert_eq!(text(name), cell, "{name:?}");
        }
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["거실", "attic (north-west)", "", "1층 = 아래", "50 %"] {
            assert_eq!(text(name), format!("\"{name}\""));
        }
    }

    #[test]
    fn a_text_cannot_end_its_cell_or_its_line() {
        assert_eq!(text("a\",\"b\r\nc"), "\"a\"\",\"\"b  c\"");
    }
}
