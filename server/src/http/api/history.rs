//! `/devices/{serial}/history`: any stretch of local days as JSON or CSV.

use std::future::ready;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::super::AppState;
use super::super::extract::{Parameters, PathSerial, SignedIn};
use super::super::problem::Problem;
use super::csv::{self, Header};
use super::devices::find_own;
use crate::error::Error;
use crate::history::{self, Step};
use crate::zone;

/// Which stretch, and how fine.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Stretch {
    /// First local date of the device's time zone; a month before `to` if absent.
    #[param(example = "2026-01-01")]
    from: Option<String>,
    /// Last local date, included; today if absent.
    #[param(example = "2026-12-31")]
    to: Option<String>,
    /// `day`, `2h` (twelfths of a local day) or `raw` (single readings); `day` if absent.
    #[param(example = "day")]
    step: Option<String>,
    /// `csv` or `json`, for links, which cannot say what they accept; otherwise the `Accept` header decides.
    #[param(example = "csv")]
    format: Option<String>,
    /// Language of the column names of a CSV for people, `ko` or `en`; the names of the JSON members if absent.
    #[param(example = "ko")]
    header: Option<String>,
}

/// What was measured.
#[derive(Serialize, ToSchema)]
pub struct History {
    /// In order; stretches without readings are left out.
    points: Vec<Point>,
}

/// A stretch of time, or a single reading.
#[derive(Serialize, ToSchema)]
pub struct Point {
    /// Where it starts, RFC 3339 with the device zone's offset; milliseconds for `raw`.
    #[schema(example = "2026-01-01T00:00:00+09:00")]
    pub(super) start: String,
    /// How many readings.
    pub(super) n: u32,
    /// Part of the stretch that readings speak for, 0 to 1.
    pub(super) coverage: f64,
    /// °C; null if nothing of the kind was measured.
    pub(super) t: Option<Band>,
    /// %RH; null if nothing of the kind was measured.
    pub(super) h: Option<Band>,
}

/// Time-weighted mean and extremes.
#[derive(Clone, Copy, Serialize, ToSchema)]
pub struct Band {
    pub(super) avg: f64,
    pub(super) min: f64,
    pub(super) max: f64,
}

impl Point {
    fn new(point: &history::Point, step: Step, tz: &TimeZone) -> Self {
        let start = match step {
            Step::Raw => zone::rfc3339_millis(tz, point.start),
            Step::Day | Step::TwoHours => zone::rfc3339(tz, point.start),
        };
        let band = |band: history::Band| Band {
            avg: band.avg,
            min: band.min,
            max: band.max,
        };
        Self {
            start,
            n: point.n,
            coverage: point.coverage,
            t: point.t.map(band),
            h: point.h.map(band),
        }
    }
}

/// History
///
/// Time-weighted averages with the lowest and highest value, of any stretch of time. `Accept: text/csv` or `format=csv`
/// gives CSV (RFC 4180). Temperatures are in °C. The answer is streamed; one that breaks off is not complete.
#[utoipa::path(
    get, path = "/devices/{serial}/history", tag = "devices",
    params(("serial" = String, Path, example = "TL-7K3F9Q2M"), Stretch),
    responses(
        (status = OK, content((History = "application/json"), (String = "text/csv"))),
        (status = BAD_REQUEST, description = "a parameter is wrong; `field` names it", body = Problem),
        (status = UNAUTHORIZED, body = Problem),
        (status = NOT_FOUND, description = "no such device, or not yours", body = Problem),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    SignedIn(person): SignedIn,
    PathSerial(serial): PathSerial,
    headers: HeaderMap,
    Parameters(stretch): Parameters<Stretch>,
) -> Result<Response, Problem> {
    let device = find_own(&state, person.id, serial).await?;
    let tz = zone::find_or_utc(&device.zone);
    let today = zone::day_of(&tz, state.clock.now());
    let asked = stretch.format()?;
    let as_csv = asked.unwrap_or_else(|| csv::is_wanted(&headers));
    let header = stretch.header()?;
    let Checked { from, to, step } = stretch.check(today)?;
    let mut pieces = Box::pin(history::pieces(&state.db, device, from, to, step).await?);
    // A store that does not answer is told of while there is a status to tell it with.
    let first = pieces.try_next().await?.unwrap_or_default();
    let pieces = stream::once(ready(Ok(first))).chain(pieces);
    let (kind, body) = if as_csv {
        (
            "text/csv; charset=utf-8",
            Body::from_stream(as_lines(pieces, step, tz, header)),
        )
    } else {
        ("application/json", Body::from_stream(as_json(pieces, step, tz)))
    };
    let mut response = ([(CONTENT_TYPE, kind), (VARY, "accept")], body).into_response();
    if as_csv || asked.is_some() {
        let ending = if as_csv { "csv" } else { "json" };
        let file = format!("attachment; filename=\"{serial}_{from}_{to}.{ending}\"");
        let file = HeaderValue::try_from(file).expect("serials and dates are visible ASCII");
        response.headers_mut().insert(CONTENT_DISPOSITION, file);
    }
    Ok(response)
}

/// Points of a part of the time that was asked for.
type Piece = Result<Vec<history::Point>, Error>;

fn as_lines(
    pieces: impl Stream<Item = Piece>,
    step: Step,
    tz: TimeZone,
    header: Header,
) -> impl Stream<Item = Result<String, Error>> {
    let head = stream::once(ready(Ok(header.line().to_owned())));
    let lines = move |points: Vec<history::Point>| {
        let points = points.iter().map(|point| Point::new(point, step, &tz));
        points.map(|point| csv::line(&point)).collect::<String>()
    };
    head.chain(pieces.map_ok(lines))
}

fn as_json(pieces: impl Stream<Item = Piece>, step: Step, tz: TimeZone) -> impl Stream<Item = Result<String, Error>> {
    let text = |text: &str| stream::once(ready(Ok(text.to_owned())));
    let mut is_first = true;
    let points = move |points: Vec<history::Point>| {
        let mut text = String::new();
        for point in &points {
            if !std::mem::take(&mut is_first) {
                text.push(',');
            }
            let point = Point::new(point, step, &tz);
            text += &serde_json::to_string(&point).expect("numbers and texts are JSON");
        }
        text
    };
    text("{\"points\":[").chain(pieces.map_ok(points)).chain(text("]}"))
}

struct Checked {
    from: Date,
    to: Date,
    step: Step,
}

impl Stretch {
    /// Whether CSV is asked for, if anything is.
    fn format(&self) -> Result<Option<bool>, Problem> {
        match self.format.as_deref() {
            None => Ok(None),
            Some("csv") => Ok(Some(true)),
            Some("json") => Ok(Some(false)),
            Some(_) => Err(Problem::invalid("format", "use csv or json")),
        }
    }

    fn header(&self) -> Result<Header, Problem> {
        let named = |name: &str| Header::named(name).ok_or_else(|| Problem::invalid("header", "use ko or en"));
        self.header.as_deref().map_or(Ok(Header::default()), named)
    }

    fn check(self, today: Date) -> Result<Checked, Problem> {
        let step = match self.step {
            Some(text) => text.parse::<Step>()?,
            None => Step::Day,
        };
        let to = self.to.map_or(Ok(today), |text| date("to", &text))?;
        let month_ago = to.saturating_sub(29.days());
        let from = self.from.map_or(Ok(month_ago), |text| date("from", &text))?;
        if from > to {
            return Err(Problem::invalid("from", "is after \"to\""));
        }
        Ok(Checked { from, to, step })
    }
}

fn date(field: &'static str, text: &str) -> Result<Date, Problem> {
    // Only `YYYY-MM-DD`: the parser would also take a time after it, and then ignore it.
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    date.ok_or_else(|| Problem::invalid(field, "is not a date such as 2026-01-31"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    const TODAY: Date = day(2026, 11, 20);

    fn check(from: Option<&str>, to: Option<&str>, step: Option<&str>) -> Result<Checked, Problem> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Stretch {
            from: own(from),
            to: own(to),
            step: own(step),
            format: None,
            header: None,
        }
        .check(TODAY)
    }

    fn field(refused: Result<Checked, Problem>) -> serde_json::Value {
        serde_json::to_value(refused.err().unwrap()).unwrap()["field"].clone()
    }

    #[test]
    fn without_parameters_it_is_the_last_thirty_days() {
        let checked = check(None, None, None).unwrap();
        assert_eq!(
            (checked.from, checked.to, checked.step),
            (day(2026, 10, 22), TODAY, Step::Day)
        );
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        for wrong in [
            "2026-02-30",
            "yesterday",
            "2026-1-1",
            "2026-01-01T00:00",
            "",
            "99999-01-01",
        ] {
            assert_eq!(field(check(Some(wrong), None, None)), "from", "{wrong}");
            assert_eq!(field(check(None, Some(wrong), None)), "to", "{wrong}");
        }
        assert_eq!(field(check(None, None, Some("hour"))), "step");
        assert_eq!(field(check(Some("2026-02-02"), Some("2026-02-01"), None)), "from");
    }
}
