//! History as a spreadsheet reads it.

use std::fmt::Write as _;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use super::history::{Band, Point};

/// Column names; an absent value is an empty cell.
const HEAD: &str = "start,n,coverage,t_avg,t_min,t_max,h_avg,h_min,h_max\n";

/// Whether the client asks for CSV and does not like JSON as much (RFC 9110 §12.5.1).
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let csv = quality(accept, "text/csv");
    csv > 0.0 && csv > quality(accept, "application/json")
}

/// How much a media type is liked, 0 to 1; only if it is named, since `*/*` means "as you like".
fn quality(accept: &str, wanted: &str) -> f64 {
    let ranges = accept.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next().filter(|kind| kind.eq_ignore_ascii_case(wanted))?;
        let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
        Some(quality.parse().unwrap_or(0.0))
    });
    ranges.fold(0.0, f64::max)
}

/// One line per point. No value can hold a comma, a quote or a formula: they are numbers and dates.
pub fn write(points: &[Point]) -> String {
    let mut text = HEAD.to_owned();
    for point in points {
        let Point {
            start,
            n,
            coverage,
            t,
            h,
        } = point;
        let (t, h) = (cells(t.as_ref()), cells(h.as_ref()));
        writeln!(text, "{start},{n},{coverage},{t},{h}").expect("a String takes everything");
    }
    text
}

fn cells(band: Option<&Band>) -> String {
    band.map_or_else(
        || ",,".to_owned(),
        |Band { avg, min, max }| format!("{avg},{min},{max}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(accept: &'static str) -> bool {
        let headers = [(ACCEPT, accept.parse().unwrap())].into_iter().collect();
        is_wanted(&headers)
    }

    #[test]
    fn csv_is_given_to_those_who_ask_for_it() {
        assert!(wanted("text/csv"));
        assert!(wanted("TEXT/CSV; charset=utf-8"));
        assert!(wanted("application/json;q=0.5, text/csv"));
        assert!(wanted("text/csv, */*;q=0.1"));
        for other in [
            "*/*",
            "application/json",
            "text/csv;q=0",
            "text/csv;q=0.1, application/json",
            "",
        ] {
            assert!(!wanted(other), "{other}");
        }
    }

    #[test]
    fn an_absent_value_is_an_empty_cell() {
        let band = Band {
            avg: 21.5,
            min: 20.0,
            max: 23.0,
        };
        let point = Point {
            start: "2026-01-01T00:00:00+09:00".to_owned(),
            n: 2,
            coverage: 0.25,
            t: Some(band),
            h: None,
        };
        assert_eq!(
            write(&[point]),
            format!("{HEAD}2026-01-01T00:00:00+09:00,2,0.25,21.5,20,23,,,\n")
        );
    }
}
