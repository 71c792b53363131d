//! Ten thousand bad days: nothing that fits the memory is lost, nothing is doubled, every time is true.
//!
//! A day has 20 broken connections, 5 power cuts (some in the middle of a flash write), outages of hours, a third of all
//! messages lost in either direction and a clock that starts in 1970.

mod day;
mod dice;

use std::collections::BTreeSet;

use day::{CAPACITY, Day, SAMPLES};
use domain::reading::Measured;
use domain::wire::telemetry::Body;

const DAYS: u64 = 10_000;
/// A reading without a clock is filed when it arrives, one dated by an ack is off by the ack's way.
const TOLERANCE_MS: i64 = 30_000;

/// Checks one day; returns how many readings no time could be found for.
fn check(seed: u64) -> usize {
    let mut day = Day::new(seed);
    day.live();
    assert!(
        day.truth.len() >= SAMPLES / 2,
        "day {seed}: hardly anything was measured"
    );
    let mut seen = BTreeSet::new();
    for ((boot, seq), sample, received) in day.stored() {
        let Body::Measured(Measured { t: Some(t), .. }) = sample.body else {
            panic!("day {seed}: {boot}/{seq} is no reading");
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "tenths of a small number"
        )]
        let index = (t * 10.0).round() as usize;
        assert!(seen.insert(index), "day {seed}: reading {index} is stored twice");
        let filed = sample.at.map_or(received, |at| at.since(crate::EPOCH));
        let off = filed - day.truth[index].at_ms;
        assert!(off.abs() <= TOLERANCE_MS, "day {seed}: reading {index} is {off} ms off");
    }
    let mut excused = 0;
    for (index, truth) in day.truth.iter().enumerate() {
        if !seen.contains(&index) {
            assert!(truth.may_be_lost, "day {seed}: reading {index} is lost");
            excused += 1;
        }
    }
    excused
}

/// Shares the days among the machine's cores; returns the readings without a time.
fn check_all(days: std::ops::Range<u64>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|core| {
                let mine = days.clone().filter(move |day| day % cores == core);
                scope.spawn(move || mine.map(check).sum::<usize>())
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    })
}

#[test]
fn ten_thousand_bad_days_lose_nothing_that_fits_and_double_nothing() {
    const { assert!(CAPACITY >= SAMPLES, "a day fits") };
    let excused = check_all(0..DAYS);
    // Measured and cut off before anybody had told the time: few, or the excuse would hide a fault.
    let share = excused * 100 / (usize::try_from(DAYS).unwrap() * SAMPLES);
    assert!(share <= 5, "{excused} readings without a time are {share} %");
}
