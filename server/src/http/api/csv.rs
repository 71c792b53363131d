//! History as a spreadsheet reads it.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use super::history::{Band, Point};

/// Column names, in the words that somebody asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// The names of the JSON members: for programs.
    #[default]
    Names,
    /// 한국어
    Korean,
    /// English
    English,
}

impl Header {
    /// `ko` or `en`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "ko" => Some(Self::Korean),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    /// The first line. A header for people begins with the mark by which spreadsheets know UTF-8.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Names => "start,n,coverage,t_avg,t_min,t_max,h_avg,h_min,h_max\r\n",
            Self::Korean => {
                "\u{feff}시작,횟수,기록된 비율,평균 온도(°C),최저 온도(°C),최고 온도(°C),평균 습도(%),최저 습도(%),최고 습도(%)\r\n"
            }
            Self::English => {
                "\u{feff}start,readings,coverage,mean temperature (°C),lowest temperature (°C),highest temperature (°C),\
                 mean humidity (%),lowest humidity (%),highest humidity (%)\r\n"
            }
        }
    }
}

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

/// A line (RFC 4180); an absent value is an empty cell. No cell can hold a comma, a quote or a formula: they are numbers
/// and moments.
pub fn line(point: &Point) -> String {
    let Point {
        start,
        n,
        coverage,
        t,
        h,
    } = point;
    let (t, h) = (cells(t.as_ref()), cells(h.as_ref()));
    format!("{start},{n},{coverage},{t},{h}\r\n")
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
        assert_eq!(line(&point), "2026-01-01T00:00:00+09:00,2,0.25,21.5,20,23,,,\r\n");
    }

    #[test]
    fn every_header_has_a_name_for_every_cell_and_none_begins_a_formula() {
        for header in [Header::Names, Header::Korean, Header::English] {
            let names: Vec<_> = header
                .line()
                .trim_end()
                .trim_start_matches('\u{feff}')
                .split(',')
                .collect();
            assert_eq!(names.len(), 9, "{header:?}");
            assert!(
                names
                    .iter()
                    .all(|name| !name.starts_with(['=', '+', '-', '@', '\t', '"'])),
                "{header:?}"
            );
        }
    }
}
