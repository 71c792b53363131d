//! What a DHT22 (AM2302) says on its one wire, and how to tell when it lies.
//!
//! Source: Aosong's AM2302 manual, "single-bus protocol". The sensor answers with a response pulse (80 µs low, 80 µs
//! high) and 40 bits, each 50 µs low and then high: 26–28 µs for 0, 70 µs for 1. Four bytes of data, one of their sum.
//! The sum alone proves little: a line that is stuck low, a frame that is off by one bit, a clone that counts
//! differently all pass it now and then.

use alloc::vec::Vec;

use domain::reading::Measured;

use crate::reading::SensorFailure;

/// Bits of a frame.
const BITS: usize = 40;
/// Either half of the response lasts 80 µs; no bit's low half comes near.
const RESPONSE_US: core::ops::RangeInclusive<u16> = 60..=110;
/// No half of a bit is shorter or longer; beyond that something else held the line or the clock stood still.
const HALF_BIT_US: core::ops::RangeInclusive<u16> = 10..=100;
/// The sensor's own limits, tenths: −40.0 to 80.0 °C, 0.0 to 100.0 %.
const T_TENTHS: core::ops::RangeInclusive<i32> = -400..=800;
const H_TENTHS: core::ops::RangeInclusive<i32> = 0..=1000;
/// Equal numbers for both, this small, are a counter inside a hung sensor (0.2/0.2, 1/1), not a climate.
const STUCK_PAIR_TENTHS: i32 = 20;

/// One low and the high that follows, as the board's timer measured them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Microseconds low.
    pub low_us: u16,
    /// Microseconds high.
    pub high_us: u16,
}

/// Turns what a capture unit saw, level (high is `true`) and microseconds, into pulses. What comes before the first low
/// is the end of the start signal, what comes after the last high is the bus at rest.
pub fn pulses(levels: impl IntoIterator<Item = (bool, u16)>) -> Vec<Pulse> {
    let mut pulses = Vec::with_capacity(BITS + 1);
    let mut low = None;
    for (is_high, us) in levels {
        match (is_high, low.take()) {
            // Nothing is the capture unit's way to say that there was no further edge.
            _ if us == 0 => break,
            (false, _) => low = Some(us),
            (true, Some(low_us)) => pulses.push(Pulse { low_us, high_us: us }),
            (true, None) => {}
        }
    }
    pulses
}

/// Decodes what was on the wire after the start signal: the response and 40 bits, 41 pulses in all. The response is
/// asked for because without it a frame shifted by one bit reads as half of the truth, with a sum that may fit.
///
/// # Errors
/// Why there is no value that could be true.
pub fn decode(pulses: &[Pulse]) -> Result<Measured, SensorFailure> {
    let (response, bits) = pulses.split_first().ok_or(SensorFailure::Timeout)?;
    if bits.len() < BITS {
        return Err(SensorFailure::Timeout);
    }
    let is_response = RESPONSE_US.contains(&response.low_us) && RESPONSE_US.contains(&response.high_us);
    if bits.len() > BITS || !is_response {
        return Err(SensorFailure::Timing);
    }
    let mut bytes = [0_u8; 5];
    for (byte, bits) in bytes.iter_mut().zip(bits.chunks(8)) {
        for bit in bits {
            *byte = *byte << 1 | u8::from(is_one(*bit)?);
        }
    }
    judge(bytes)
}

/// The low half is the same for both, so it is the measure: a timer that runs fast or slow changes nothing.
fn is_one(bit: Pulse) -> Result<bool, SensorFailure> {
    if HALF_BIT_US.contains(&bit.low_us) && HALF_BIT_US.contains(&bit.high_us) {
        Ok(bit.high_us > bit.low_us)
    } else {
        Err(SensorFailure::Timing)
    }
}

/// What five bytes mean.
///
/// # Errors
/// A wrong sum, or values that no working sensor sends.
pub fn judge(bytes: [u8; 5]) -> Result<Measured, SensorFailure> {
    let [h_high, h_low, t_high, t_low, sum] = bytes;
    let expected = h_high.wrapping_add(h_low).wrapping_add(t_high).wrapping_add(t_low);
    if sum != expected {
        return Err(SensorFailure::Checksum);
    }
    let h = i32::from(u16::from_be_bytes([h_high, h_low]));
    let t = temperature(u16::from_be_bytes([t_high, t_low]));
    // All zeros have a sum that fits: a line that was held low. No air is at 0.0 % either.
    if h == 0 || (h == t && h <= STUCK_PAIR_TENTHS) {
        return Err(SensorFailure::Stuck);
    }
    if !T_TENTHS.contains(&t) || !H_TENTHS.contains(&h) {
        return Err(SensorFailure::Range);
    }
    Ok(Measured {
        t: Some(f64::from(t) / 10.0),
        h: Some(f64::from(h) / 10.0),
    })
}

/// Tenths of a degree. The original has a sign bit and a magnitude, newer ones and clones (AM2302B) two's complement;
/// within −40 °C the two can be told apart. Read in the wrong way, −0.1 °C is −3276.7.
fn temperature(raw: u16) -> i32 {
    let magnitude = i32::from(raw & 0x7fff);
    match raw & 0x8000 != 0 {
        false => magnitude,
        true if -magnitude >= *T_TENTHS.start() => -magnitude,
        true => i32::from(raw.cast_signed()),
    }
}
