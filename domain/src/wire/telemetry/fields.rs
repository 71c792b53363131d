//! One object, field by field, in a single pass and without allocating.
//!
//! A wrong type is remembered instead of raised: raising would stop the parser in the middle of
//! an array and take the object's neighbours with it.

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::sample::{Body, Sample, SampleId};
use super::scalar::Scalar;
use crate::reading::Measured;
use crate::time::Timestamp;
use crate::wire::Malformed;

const LIGHT_MAX: u16 = 4_095;
const BAT_MAX: u8 = 100;

/// The fields of one object as they came; of a repeated one the last counts.
#[derive(Default)]
pub struct Fields {
    boot: Scalar,
    seq: Scalar,
    at: Scalar,
    t: Scalar,
    h: Scalar,
    err: Scalar,
    light: Scalar,
    rssi: Scalar,
    bat: Scalar,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Boot,
    Seq,
    At,
    T,
    H,
    Err,
    Light,
    Rssi,
    Bat,
    /// Fields of a newer firmware are none of our business.
    #[serde(other)]
    Other,
}

impl Fields {
    /// Reads one object to its end.
    pub fn read<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        let mut fields = Self::default();
        while let Some(key) = object.next_key()? {
            let field = match key {
                Key::Boot => &mut fields.boot,
                Key::Seq => &mut fields.seq,
                Key::At => &mut fields.at,
                Key::T => &mut fields.t,
                Key::H => &mut fields.h,
                Key::Err => &mut fields.err,
                Key::Light => &mut fields.light,
                Key::Rssi => &mut fields.rssi,
                Key::Bat => &mut fields.bat,
                Key::Other => {
                    object.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = object.next_value()?;
        }
        Ok(fields)
    }

    /// The sample they make, or which of them is wrong.
    pub fn into_sample(self) -> Result<Sample, Malformed> {
        let boot = self.boot.count("boot must be an integer from 0 to 2^53")?;
        let seq = self.seq.count("seq must be an integer from 0 to 2^53")?;
        let at = self.at.integer("at must be an integer, Unix milliseconds")?;
        let t = self.t.float("t must be a number")?;
        let h = self.h.float("h must be a number")?;
        let body = match self.err.text("err must be a string")? {
            Some(reason) => Body::Failed(reason),
            None if t.is_none() && h.is_none() => {
                return Err(Malformed::because("neither t nor h nor err"));
            }
            None => Body::Measured(Measured { t, h }),
        };
        Ok(Sample {
            id: boot.zip(seq).map(|(boot, seq)| SampleId { boot, seq }),
            at: at.map(Timestamp::from_millis),
            body,
            light: self
                .light
                .extra("light must be a number")?
                .filter(|light| *light <= LIGHT_MAX),
            rssi: self.rssi.extra("rssi must be a number")?,
            bat: self.bat.extra("bat must be a number")?.filter(|bat| *bat <= BAT_MAX),
        })
    }
}
