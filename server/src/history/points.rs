//! Any stretch of local days, by day, by slot, or reading by reading.

use std::str::FromStr;

use domain::reading::Measured;
use domain::rollup::Rollup;
use domain::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Band, day_slots, day_sums};
use crate::db::Db;
use crate::db::devices::Device;
use crate::db::readings::list_sound;
use crate::error::{Error, Result};
use crate::ingest::calibrated;
use crate::zone;

/// How much time a point stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A local day.
    Day,
    /// A twelfth of a local day.
    TwoHours,
    /// A single reading.
    Raw,
}

impl FromStr for Step {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "day" => Ok(Self::Day),
            "2h" => Ok(Self::TwoHours),
            "raw" => Ok(Self::Raw),
            _ => Err(Error::Invalid {
                field: "step",
                reason: "use day, 2h or raw".to_owned(),
            }),
        }
    }
}

/// A stretch of time and what was measured in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Where it starts; for a single reading when it was measured.
    pub start: Timestamp,
    /// The local date it belongs to.
    pub day: Date,
    /// How many readings.
    pub n: u32,
    /// How much of the time they speak for, 0 to 1.
    pub coverage: f64,
    /// °C.
    pub t: Option<Band>,
    /// %RH.
    pub h: Option<Band>,
}

/// What was measured on the device's local days `from` to `to`, both included, in order. Stretches without readings are
/// left out.
pub async fn history(db: &Db, device: &Device, from: Date, to: Date, step: Step) -> Result<Vec<Point>> {
    if from > to {
        return Err(Error::Invalid {
            field: "from",
            reason: "is after \"to\"".to_owned(),
        });
    }
    let zone = zone::find_or_utc(&device.zone);
    match step {
        Step::Day => days(db, device, &zone, from, to).await,
        Step::TwoHours => slots(db, device, from, to).await,
        Step::Raw => raw(db, device, &zone, from, to).await,
    }
}

async fn days(db: &Db, device: &Device, zone: &TimeZone, from: Date, to: Date) -> Result<Vec<Point>> {
    let mut sums = day_sums(db, std::slice::from_ref(device), from, to).await?;
    let point = |(day, sum): (Date, Rollup)| {
        let span = zone::span_of(zone, day);
        point(span.start, day, span.length_ms(), sum)
    };
    Ok(sums
        .remove(&device.id)
        .unwrap_or_default()
        .into_iter()
        .map(point)
        .collect())
}

async fn slots(db: &Db, device: &Device, from: Date, to: Date) -> Result<Vec<Point>> {
    let slots = day_slots(db, device, from, to).await?;
    Ok(slots
        .into_iter()
        .map(|slot| point(slot.slot.start, slot.day, slot.slot.length_ms(), slot.rollup))
        .collect())
}

async fn raw(db: &Db, device: &Device, zone: &TimeZone, from: Date, to: Date) -> Result<Vec<Point>> {
    let (start, end) = (zone::start_of(zone, from), zone::span_of(zone, to).end);
    let readings = list_sound(db.pool(), device.id, start, end).await?;
    let point = |(at, measured): (Timestamp, Measured)| {
        let shown = calibrated(measured, device.t_offset, device.h_offset);
        let single = |value: f64| Band {
            avg: value,
            min: value,
            max: value,
        };
        Point {
            start: at,
            day: zone::day_of(zone, at),
            n: 1,
            coverage: 1.0,
            t: shown.t.map(single),
            h: shown.h.map(single),
        }
    };
    Ok(readings.into_iter().map(point).collect())
}

fn point(start: Timestamp, day: Date, length_ms: i64, sum: Rollup) -> Point {
    Point {
        start,
        day,
        n: sum.n,
        coverage: sum.coverage(length_ms),
        t: sum.t.map(Band::from),
        h: sum.h.map(Band::from),
    }
}
