//! The gate: the DHT22's lies are refused, real air passes.

use domain::reading::{Fault, Gate, Measured, Verdict, judge};
use domain::time::Timestamp;
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(1_795_161_600_000 + second * 1000)
}

fn th(t: f64, h: f64) -> Measured {
    Measured { t: Some(t), h: Some(h) }
}

/// Judges a series with one reading a minute.
fn verdicts(series: &[Measured]) -> Vec<Verdict> {
    let mut gate = Gate::default();
    let mut second = 0;
    let judge_next = |m: &Measured| {
        let (next, verdict) = judge(gate, at(second), *m);
        gate = next;
        second += 60;
        verdict
    };
    series.iter().map(judge_next).collect()
}

fn check(temperatures: &[f64], expected: &[Verdict]) {
    let series: Vec<_> = temperatures.iter().map(|t| th(*t, 50.0)).collect();
    assert_eq!(verdicts(&series), expected, "{temperatures:?}");
}

#[test]
fn impossible_values_are_faults() {
    for m in [
        th(-40.1, 50.0),
        th(80.1, 50.0),
        th(-3200.0, 50.0),
        th(394.0, 50.0),
        th(20.0, 260.0),
        th(-2.0, -2.0),
        th(f64::NAN, 50.0),
        th(20.0, f64::INFINITY),
        Measured { t: None, h: Some(-0.1) },
        Measured {
            t: Some(999.0),
            h: None,
        },
    ] {
        assert_eq!(verdicts(&[m]), [Verdict::Fault(Fault::OutOfRange)], "{m:?}");
    }
}

#[test]
fn the_pairs_of_an_empty_frame_are_faults() {
    for value in [0.0, 0.2, 1.0] {
        let stuck = Verdict::Fault(Fault::StuckPair);
        assert_eq!(verdicts(&[th(value, value)]), [stuck], "{value}");
    }
    assert_eq!(
        verdicts(&[th(0.2, 45.0)]),
        [Verdict::Sound],
        "a cold room is no stuck pair"
    );
    assert_eq!(verdicts(&[th(5.0, 5.0)]), [Verdict::Sound]);
}

#[test]
fn half_of_the_true_value_is_refused_when_the_truth_returns() {
    use Verdict::{Sound, Unconfirmed};
    check(&[24.0, 12.0, 24.1], &[Sound, Unconfirmed, Sound]);
    check(&[24.0, -12.0, 24.0, 24.0], &[Sound, Unconfirmed, Sound, Sound]);
}

#[test]
fn a_lie_just_beyond_the_limit_finds_no_witness_in_the_return() {
    use Verdict::{Sound, Unconfirmed};
    // 9.3 is beyond 8 + 0.02 × 60 = 9.2; the way back of 9.1 is not.
    check(&[20.0, 29.3, 20.2], &[Sound, Unconfirmed, Sound]);
}

#[test]
fn a_real_fast_rise_passes_with_its_second_reading() {
    use Verdict::{Confirming, Sound, Unconfirmed};
    check(&[21.0, 34.0, 39.0, 42.0], &[Sound, Unconfirmed, Confirming, Sound]);
    check(
        &[21.0, 34.0, 60.0, 61.0],
        &[Sound, Unconfirmed, Unconfirmed, Confirming],
    );
}

#[test]
fn a_fault_between_a_suspect_and_its_witness_changes_nothing() {
    let series = [th(21.0, 50.0), th(34.0, 50.0), th(0.0, 0.0), th(35.0, 50.0)];
    let expected = [
        Verdict::Sound,
        Verdict::Unconfirmed,
        Verdict::Fault(Fault::StuckPair),
        Verdict::Confirming,
    ];
    assert_eq!(verdicts(&series), expected);
}

#[test]
fn after_a_long_gap_any_possible_temperature_passes() {
    let (gate, _) = judge(Gate::default(), at(0), th(35.0, 50.0));
    let (_, verdict) = judge(gate, at(3600), th(-10.0, 50.0));
    assert_eq!(verdict, Verdict::Sound);
}

#[test]
fn a_late_reading_is_not_compared_and_leaves_the_gate_alone() {
    let (gate, _) = judge(Gate::default(), at(600), th(20.0, 50.0));
    for late in [599, 600] {
        assert_eq!(judge(gate, at(late), th(45.0, 50.0)), (gate, Verdict::Sound));
        let fault = Verdict::Fault(Fault::OutOfRange);
        assert_eq!(judge(gate, at(late), th(99.0, 50.0)), (gate, fault));
    }
    let (waiting, _) = judge(gate, at(660), th(45.0, 50.0));
    assert_eq!(judge(waiting, at(650), th(45.0, 50.0)), (waiting, Verdict::Sound));
}

#[test]
fn humidity_alone_is_sound_and_no_witness() {
    let (gate, _) = judge(Gate::default(), at(0), th(20.0, 50.0));
    let (gate, _) = judge(gate, at(60), th(35.0, 50.0));
    let humidity = Measured { t: None, h: Some(50.0) };
    assert_eq!(judge(gate, at(120), humidity), (gate, Verdict::Sound));
}

proptest! {
    /// Air that changes by at most 8 °C between two readings is never doubted.
    #[test]
    fn air_that_moves_slowly_is_always_sound(
        start in -40.0..80.0_f64,
        steps in prop::collection::vec((-8.0..8.0_f64, 1..600_i64), 1..50),
    ) {
        let (mut gate, _) = judge(Gate::default(), at(0), th(start, 50.0));
        let (mut t, mut second) = (start, 0);
        for (step, gap) in steps {
            t = (t + step).clamp(-40.0, 80.0);
            second += gap;
            let (next, verdict) = judge(gate, at(second), th(t, 50.0));
            prop_assert_eq!(verdict, Verdict::Sound);
            gate = next;
        }
    }

    /// One lie among true readings is never averaged, wherever it falls.
    #[test]
    fn a_single_lie_is_never_believed(
        truth in -20.0..60.0_f64,
        noise in prop::collection::vec(-0.5..0.5_f64, 20),
        lie in -40.0..80.0_f64,
        position in 1..19_usize,
    ) {
        prop_assume!((lie - truth).abs() > 10.0);
        let mut series: Vec<_> = noise.iter().map(|n| th(truth + n, 50.0)).collect();
        series[position] = th(lie, 50.0);
        for (i, verdict) in verdicts(&series).into_iter().enumerate() {
            let expected = if i == position { Verdict::Unconfirmed } else { Verdict::Sound };
            prop_assert_eq!(verdict, expected, "reading {}", i);
        }
    }

    #[test]
    fn no_numbers_make_the_gate_panic(
        numbers in prop::collection::vec((any::<i64>(), any::<Option<f64>>(), any::<Option<f64>>()), 0..20),
    ) {
        let mut gate = Gate::default();
        for (millis, t, h) in numbers {
            let (next, verdict) = judge(gate, Timestamp::from_millis(millis), Measured { t, h });
            let possible = t.is_none_or(|t| (-40.0..=80.0).contains(&t));
            prop_assert!(possible || matches!(verdict, Verdict::Fault(_)));
            gate = next;
        }
    }
}
