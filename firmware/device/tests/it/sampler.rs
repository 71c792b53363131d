//! Several reads, one sample.

use device::sampler::{Care, Sampler, Step};
use device::{SensorFailure, Uptime};
use domain::reading::Measured;

use crate::second;

type Answer = Result<Measured, SensorFailure>;

#[expect(clippy::unnecessary_wraps, reason = "answers may fail, and this one does not")]
fn good(t: f64) -> Answer {
    Ok(Measured {
        t: Some(t),
        h: Some(50.0),
    })
}

/// Plays the answers; returns when the sensor was read, and the sample.
fn sample(sampler: &mut Sampler, now: Uptime, care: Care, answers: &[Answer]) -> (Vec<u64>, Answer) {
    let mut step = sampler.start(now, care);
    let mut reads = Vec::new();
    let mut answers = answers.iter();
    loop {
        match step {
            Step::Done(sample) => return (reads, sample),
            Step::ReadAt(at) => {
                reads.push(at.since(now) / 1000);
                step = sampler.on_read(at, *answers.next().unwrap());
            }
        }
    }
}

#[test]
fn the_first_answer_after_a_pause_is_old_and_not_counted() {
    let mut sampler = Sampler::default();
    let answers = [good(5.0), good(20.0), good(20.1), good(20.2)];
    let (reads, sample) = sample(&mut sampler, second(100), Care::Thorough, &answers);
    assert_eq!((reads, sample), (vec![0, 2, 4, 6], good(20.1)));
}

#[test]
fn one_lie_among_three_is_outvoted() {
    for lie in [12.0, -12.0, 79.9] {
        let answers = [good(24.0), good(24.0), good(lie), good(24.1)];
        let (_, sample) = sample(&mut Sampler::default(), second(1), Care::Thorough, &answers);
        assert!(sample == good(24.0) || sample == good(24.1), "{lie}: {sample:?}");
    }
}

#[test]
fn failed_reads_are_repeated_but_not_for_ever() {
    let failed = Err(SensorFailure::Checksum);
    let answers = [failed, failed, good(20.0), failed, failed, failed];
    let (reads, one) = sample(&mut Sampler::default(), second(1), Care::Thorough, &answers);
    assert_eq!((reads.len(), one), (6, good(20.0)), "one good read must do");
    let (_, none) = sample(&mut Sampler::default(), second(1), Care::Thorough, &[failed; 6]);
    assert_eq!(none, failed);
}

#[test]
fn who_waits_gets_the_first_good_read() {
    let mut sampler = Sampler::default();
    let (_, slow) = sample(
        &mut sampler,
        second(1),
        Care::Thorough,
        &[good(1.0), good(20.0), good(20.0), good(20.0)],
    );
    assert_eq!(slow, good(20.0));
    let (reads, quick) = sample(&mut sampler, second(8), Care::Quick, &[good(21.0)]);
    assert_eq!((reads, quick), (vec![1], good(21.0)), "after the sensor's rest");
}

#[test]
fn a_sensor_that_hangs_is_switched_off_and_on() {
    let mut sampler = Sampler::default();
    for round in 1..=5 {
        assert!(!sampler.wants_power_cycle(), "round {round}");
        sample(
            &mut sampler,
            second(round * 60),
            Care::Thorough,
            &[Err(SensorFailure::Timeout); 6],
        )
        .1
        .unwrap_err();
    }
    assert!(sampler.wants_power_cycle());
    assert!(!sampler.wants_power_cycle(), "once");
}
