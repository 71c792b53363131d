//! The sensor's frames: what is true comes through, every known lie is refused.

use device::SensorFailure;
use device::dht22::{Pulse, decode, judge, pulses as captured};
use domain::reading::Measured;
use proptest::prelude::*;

/// A frame as the wire shows it: response, then 50 µs low and 27 or 70 µs high.
fn pulses(bytes: [u8; 5]) -> Vec<Pulse> {
    let response = Pulse {
        low_us: 80,
        high_us: 80,
    };
    let bit = |one: bool| Pulse {
        low_us: 50,
        high_us: if one { 70 } else { 27 },
    };
    let bits = bytes
        .into_iter()
        .flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1));
    std::iter::once(response).chain(bits.map(bit)).collect()
}

fn summed(h: u16, t: u16) -> [u8; 5] {
    let ([h_high, h_low], [t_high, t_low]) = (h.to_be_bytes(), t.to_be_bytes());
    let sum = [h_high, h_low, t_high, t_low].into_iter().fold(0, u8::wrapping_add);
    [h_high, h_low, t_high, t_low, sum]
}

#[expect(clippy::unnecessary_wraps, reason = "it is compared with what decoding returns")]
fn climate(t: f64, h: f64) -> Result<Measured, SensorFailure> {
    Ok(Measured { t: Some(t), h: Some(h) })
}

#[test]
fn the_manuals_examples_are_read() {
    // 65.2 %, 35.1 °C and 65.2 %, −10.1 °C: Aosong's own.
    assert_eq!(decode(&pulses([0x02, 0x8c, 0x01, 0x5f, 0xee])), climate(35.1, 65.2));
    assert_eq!(decode(&pulses([0x02, 0x8c, 0x80, 0x65, 0x73])), climate(-10.1, 65.2));
}

#[test]
fn frost_is_read_from_originals_and_from_clones() {
    assert_eq!(judge(summed(652, 0x8001)), climate(-0.1, 65.2), "sign and magnitude");
    assert_eq!(judge(summed(652, 0xffff)), climate(-0.1, 65.2), "two's complement");
    assert_eq!(judge(summed(652, 0x8190)), climate(-40.0, 65.2));
    assert_eq!(judge(summed(652, 0xfe70)), climate(-40.0, 65.2));
    let zero = judge(summed(652, 0x8000)).unwrap().t.unwrap();
    assert!(zero == 0.0 && zero.is_sign_positive(), "minus nothing is nothing");
}

#[test]
fn known_lies_are_refused_although_their_sums_fit() {
    for (h, t, lie, expected) in [
        (0, 0, "a line held low", SensorFailure::Stuck),
        (2, 2, "0.2 and 0.2", SensorFailure::Stuck),
        (10, 10, "1 and 1", SensorFailure::Stuck),
        (0, 215, "air without any water", SensorFailure::Stuck),
        (2600, 180, "260 %", SensorFailure::Range),
        (45 << 8, 24 << 8, "a DHT11 in its place", SensorFailure::Range),
        (652, 3940, "394 °C", SensorFailure::Range),
        (652, 801, "hotter than it can measure", SensorFailure::Range),
        (652, 0x8191, "colder than it can measure", SensorFailure::Range),
        (1001, 215, "more than all water", SensorFailure::Range),
    ] {
        assert_eq!(judge(summed(h, t)), Err(expected), "{lie}");
    }
    assert_eq!(judge([0xff; 5]), Err(SensorFailure::Checksum), "a line held high");
}

#[test]
fn a_frame_off_by_one_bit_is_not_half_of_the_truth() {
    // 24.0 °C, 50.0 %: all bytes even, so the sum of the halves is half of the sum.
    let whole = pulses(summed(500, 240));
    let mut shifted = vec![
        whole[0],
        Pulse {
            low_us: 50,
            high_us: 27,
        },
    ];
    shifted.extend(&whole[1..40]);
    let half = decode(&shifted);
    assert!(
        half.is_err() || half == climate(12.0, 25.0),
        "the sum alone does not see it"
    );
    let response_read_as_a_bit: Vec<Pulse> = whole[..40].to_vec();
    assert_eq!(decode(&response_read_as_a_bit), Err(SensorFailure::Timeout));
    let without_response: Vec<Pulse> = whole[1..].iter().chain([&whole[40]]).copied().collect();
    assert_eq!(decode(&without_response), Err(SensorFailure::Timing));
}

#[test]
fn a_capture_is_read_from_the_first_low_to_the_last_high() {
    let frame = pulses([0x02, 0x8c, 0x01, 0x5f, 0xee]);
    let mut levels = vec![(true, 31)];
    levels.extend(
        frame
            .iter()
            .flat_map(|pulse| [(false, pulse.low_us), (true, pulse.high_us)]),
    );
    levels.extend([(false, 50), (true, 0), (false, 99), (true, 99)]);
    assert_eq!(captured(levels), frame);
    assert_eq!(captured([(true, 31), (false, 0)]), [], "nobody answered");
}

#[test]
fn silence_and_noise_have_names_of_their_own() {
    assert_eq!(decode(&[]), Err(SensorFailure::Timeout));
    let whole = pulses(summed(500, 240));
    assert_eq!(decode(&whole[..30]), Err(SensorFailure::Timeout));
    let mut long = whole.clone();
    long.push(whole[40]);
    assert_eq!(decode(&long), Err(SensorFailure::Timing));
    for high_us in [3, 400] {
        let mut disturbed = whole.clone();
        disturbed[17].high_us = high_us;
        assert_eq!(decode(&disturbed), Err(SensorFailure::Timing));
    }
}

proptest! {
    #[test]
    fn every_climate_survives_the_wire_even_by_a_clock_a_fifth_wrong(
        t in -400..=800_i16, h in 21..=1000_u16, percent in 80..=120_u16, twos in any::<bool>(),
    ) {
        let raw = if t < 0 && !twos { 0x8000 | t.unsigned_abs() } else { t.cast_unsigned() };
        let slow = |us: u16| us * percent / 100;
        let seen: Vec<_> = pulses(summed(h, raw)).into_iter()
            .map(|pulse| Pulse { low_us: slow(pulse.low_us), high_us: slow(pulse.high_us) })
            .collect();
        let expected = Measured { t: Some(f64::from(t) / 10.0), h: Some(f64::from(h) / 10.0) };
        prop_assert_eq!(decode(&seen), Ok(expected));
    }

    #[test]
    fn one_wrong_bit_is_always_noticed(t in 0..=800_u16, h in 21..=1000_u16, bit in 1..=40_usize) {
        let mut seen = pulses(summed(h, t));
        seen[bit].high_us = 97 - seen[bit].high_us;
        prop_assert!(decode(&seen).is_err());
    }

    #[test]
    fn no_bytes_become_an_impossible_climate(bytes in any::<[u8; 5]>()) {
        if let Ok(Measured { t: Some(t), h: Some(h) }) = judge(bytes) {
            prop_assert!((-40.0..=80.0).contains(&t) && h > 0.0 && h <= 100.0);
        }
    }
}
