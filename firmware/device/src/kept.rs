//! A reading as it waits in memory: 32 bytes, so that a day of minutes fits a small board, and 17 of them in flash.

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

/// A value in thousandths: exact for every sensor of ours, half the size of a float; three bytes of it in flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Milli(i32);

impl Milli {
    const NONE: Self = Self(i32::MIN);

    #[expect(clippy::cast_possible_truncation, reason = "checked to lie far inside of an i32")]
    fn new(value: Option<f64>) -> Self {
        let nearest = |value: f64| (value * 1000.0 + if value < 0.0 { -0.5 } else { 0.5 }) as i32;
        value
            .filter(|value| value.abs() < 8e3)
            .map_or(Self::NONE, |value| Self(nearest(value)))
    }

    fn get(self) -> Option<f64> {
        (self != Self::NONE).then(|| f64::from(self.0) / 1000.0)
    }

    /// The lower three bytes; nothing is the smallest number of three bytes.
    fn pack(self) -> [u8; 3] {
        let [a, b, c, _] = if self == Self::NONE { PACKED_NONE } else { self.0 }.to_le_bytes();
        [a, b, c]
    }

    fn unpack([a, b, c]: [u8; 3]) -> Self {
        // Shifted up and down again to carry the sign.
        match i32::from_le_bytes([0, a, b, c]) >> 8 {
            PACKED_NONE => Self::NONE,
            value => Self(value),
        }
    }
}

/// A number of six bytes, with its sign: shifted up and down again.
pub fn read_48(bytes: [u8; 6]) -> i64 {
    let mut wide = [0; 8];
    wide[2..].copy_from_slice(&bytes);
    i64::from_le_bytes(wide) >> 16
}

const PACKED_NONE: i32 = -(1 << 23);
/// Length of a packed reading.
pub const PACKED: usize = 17;
const NO_LIGHT: u16 = u16::MAX;
const NO_RSSI: i8 = i8::MAX;
const NO_BAT: u8 = u8::MAX;
/// In the last byte, beside the failure's code.
const HAS_CALENDAR: u8 = 0x80;

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
    pub(crate) state: State,
}

impl Kept {
    pub(crate) fn new(now: Uptime, at: Option<Timestamp>, reading: Reading) -> Self {
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

    /// Gives a reading its time after the fact, now that it is known that `now` is `wall`; whether it had none.
    ///
    /// It may have been sent without: the server knows a reading by its name, so the time does not make two of it.
    pub(crate) fn learn_calendar(&mut self, now: Uptime, wall: Timestamp) -> bool {
        let learns = !self.has_calendar && self.state != State::Stored;
        if learns {
            let age_ms = uptime_ms(now).saturating_sub(self.taken_ms);
            self.taken_ms = wall.plus_millis(-age_ms).as_millis();
            self.has_calendar = true;
        }
        learns
    }

    /// A place in the ring without a reading: what was there is stored or was never whole.
    pub(crate) fn tombstone() -> Self {
        Self {
            state: State::Stored,
            ..Self::new(Uptime::default(), None, Measured::default().into())
        }
    }

    /// As it is kept in flash.
    pub(crate) fn pack(&self) -> [u8; PACKED] {
        let mut packed = [0; PACKED];
        packed[..6].copy_from_slice(&self.taken_ms.to_le_bytes()[..6]);
        packed[6..9].copy_from_slice(&self.t.pack());
        packed[9..12].copy_from_slice(&self.h.pack());
        packed[12..14].copy_from_slice(&self.light.unwrap_or(NO_LIGHT).to_le_bytes());
        packed[14] = self.rssi.unwrap_or(NO_RSSI).cast_unsigned();
        packed[15] = self.bat.unwrap_or(NO_BAT);
        let calendar = if self.has_calendar { HAS_CALENDAR } else { 0 };
        packed[16] = self.failure.map_or(0, SensorFailure::code) | calendar;
        packed
    }

    /// A reading of an earlier life, read back.
    pub(crate) fn unpack(packed: &[u8; PACKED]) -> Self {
        let [taken @ .., t0, t1, t2, h0, h1, h2, light0, light1, rssi, bat, flags] = *packed;
        let (light, rssi) = (u16::from_le_bytes([light0, light1]), rssi.cast_signed());
        Self {
            taken_ms: read_48(taken),
            has_calendar: flags & HAS_CALENDAR != 0,
            t: Milli::unpack([t0, t1, t2]),
            h: Milli::unpack([h0, h1, h2]),
            failure: SensorFailure::from_code(flags & !HAS_CALENDAR),
            light: (light != NO_LIGHT).then_some(light),
            rssi: (rssi != NO_RSSI).then_some(rssi),
            bat: (bat != NO_BAT).then_some(bat),
            state: State::Again,
        }
    }

    /// Gives a reading of an earlier life its time: uptime 0 of that life was `origin`.
    pub(crate) fn date(&mut self, origin: Timestamp) {
        if !self.has_calendar {
            self.taken_ms = origin.plus_millis(self.taken_ms).as_millis();
            self.has_calendar = true;
        }
    }

    pub(crate) const fn is_dated(&self) -> bool {
        self.has_calendar
    }

    pub(crate) fn at(&self) -> Option<Timestamp> {
        self.has_calendar.then(|| Timestamp::from_millis(self.taken_ms))
    }

    pub(crate) fn sample(&self, id: SampleId) -> Sample {
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
