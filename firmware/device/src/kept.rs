//! A reading as it waits in memory: 32 bytes, so that a day of minutes fits a small board.

use alloc::borrow::ToOwned;

use domain::reading::Measured;
use domain::time::Timestamp;
use domain::wire::telemetry::{Body, Sample, SampleId};

use crate::reading::{Reading, SensorFailure};
use crate::uptime::Uptime;

/// Where a reading is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Never sent.
    Fresh,
    /// Sent in vain; the server may or may not have it.
    Again,
    /// In the message of this flight, waiting for the server's ack.
    InFlight(u8),
    /// The server has it.
    Stored,
}

impl State {
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::Fresh | Self::Again)
    }
}

/// A value in thousandths: exact for every sensor of ours, half the size of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Milli(i32);

impl Milli {
    const NONE: Self = Self(i32::MIN);

    #[expect(clippy::cast_possible_truncation, reason = "checked to lie far inside of an i32")]
    fn new(value: Option<f64>) -> Self {
        let nearest = |value: f64| (value * 1000.0 + if value < 0.0 { -0.5 } else { 0.5 }) as i32;
        value
            .filter(|value| value.abs() < 1e6)
            .map_or(Self::NONE, |value| Self(nearest(value)))
    }

    fn get(self) -> Option<f64> {
        (self != Self::NONE).then(|| f64::from(self.0) / 1000.0)
    }
}

/// One reading in the ring.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Unix milliseconds, or uptime as long as the calendar was unknown.
    taken_ms: i64,
    has_calendar: bool,
    t: Milli,
    h: Milli,
    failure: Option<SensorFailure>,
    light: Option<u16>,
    rssi: Option<i8>,
    bat: Option<u8>,
    pub state: State,
}

impl Kept {
    pub fn new(now: Uptime, at: Option<Timestamp>, reading: Reading) -> Self {
        let Measured { t, h } = reading.values.unwrap_or_default();
        let (t, h) = (Milli::new(t), Milli::new(h));
        let nothing = (t, h) == (Milli::NONE, Milli::NONE);
        let failure = reading.values.err().or(nothing.then_some(SensorFailure::NoValue));
        Self {
            taken_ms: at.map_or_else(|| uptime_ms(now), Timestamp::as_millis),
            has_calendar: at.is_some(),
            t,
            h,
            failure,
            light: reading.light,
            rssi: reading.rssi,
            bat: reading.bat,
            state: State::Fresh,
        }
    }

    /// Gives a reading its time after the fact, now that it is known that `now` is `wall`.
    ///
    /// A reading that was sent before keeps none: the server may have filed it under the time of
    /// its reception, and a second time would make a second reading of it.
    pub fn learn_calendar(&mut self, now: Uptime, wall: Timestamp) {
        if !self.has_calendar && self.state == State::Fresh {
            let age_ms = uptime_ms(now).saturating_sub(self.taken_ms);
            self.taken_ms = wall.plus_millis(-age_ms).as_millis();
            self.has_calendar = true;
        }
    }

    pub fn at(&self) -> Option<Timestamp> {
        self.has_calendar.then(|| Timestamp::from_millis(self.taken_ms))
    }

    pub fn sample(&self, id: SampleId) -> Sample {
        let body = match self.failure {
            Some(failure) => Body::Failed(failure.as_str().to_owned()),
            None => Body::Measured(Measured {
                t: self.t.get(),
                h: self.h.get(),
            }),
        };
        let rssi = self.rssi.map(i16::from);
        Sample {
            id: Some(id),
            at: self.at(),
            body,
            light: self.light,
            rssi,
            bat: self.bat,
        }
    }
}

fn uptime_ms(uptime: Uptime) -> i64 {
    i64::try_from(uptime.as_millis()).unwrap_or(i64::MAX)
}
