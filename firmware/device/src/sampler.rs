//! One sample out of several reads: the median of those that can be true.
//!
//! A DHT22 answers with what it measured when it was last asked, needs 2 s between two reads and now and then tells
//! 12 °C or 260 % in between. So after a pause the first answer is thrown away, and one lie among three is outvoted.

use domain::reading::Measured;

use crate::reading::SensorFailure;
use crate::uptime::Uptime;

/// The sensor's own rest between two reads, ms.
const REST_MS: u64 = 2_000;
/// What it answers later than this after the last read is old, ms.
const STALE_MS: u64 = 10_000;
/// Good reads wanted.
const WANTED: usize = 3;
/// Reads made in all before what is there must do.
const MOST_READS: u8 = 6;
/// Samples without any value after which the sensor is switched off and on: some hang until then.
const HUNG_AFTER: u8 = 5;

/// What the board is to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Read the sensor at that moment.
    ReadAt(Uptime),
    /// The sample is taken.
    Done(Result<Measured, SensorFailure>),
}

/// How much care a sample gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Somebody waits for it: the first good read is it.
    Quick,
    /// The median of three.
    Thorough,
}

/// Takes samples.
#[derive(Debug)]
pub struct Sampler {
    care: Care,
    reads: u8,
    last_read: Option<Uptime>,
    /// The next answer is from long ago.
    stale: bool,
    good: [(f64, f64); WANTED],
    count: usize,
    failure: SensorFailure,
    failed_samples: u8,
}

impl Default for Sampler {
    fn default() -> Self {
        Self {
            care: Care::Thorough,
            reads: 0,
            last_read: None,
            stale: true,
            good: [(0.0, 0.0); WANTED],
            count: 0,
            failure: SensorFailure::Timeout,
            failed_samples: 0,
        }
    }
}

impl Sampler {
    /// Begins a sample.
    pub fn start(&mut self, now: Uptime, care: Care) -> Step {
        self.care = care;
        (self.reads, self.count) = (0, 0);
        self.failure = SensorFailure::Timeout;
        self.stale = self.last_read.is_none_or(|last| now.since(last) > STALE_MS);
        self.next_read(now)
    }

    /// Takes one answer of the sensor in.
    pub fn on_read(&mut self, now: Uptime, answer: Result<Measured, SensorFailure>) -> Step {
        self.reads += 1;
        self.last_read = Some(now);
        let is_stale = core::mem::take(&mut self.stale);
        match answer {
            Ok(_) if is_stale => {}
            Ok(Measured { t: Some(t), h: Some(h) }) => {
                self.good[self.count] = (t, h);
                self.count += 1;
            }
            Ok(_) => self.failure = SensorFailure::NoValue,
            Err(failure) => self.failure = failure,
        }
        let wanted = match self.care {
            Care::Quick => 1,
            Care::Thorough => WANTED,
        };
        if self.count < wanted && self.reads < MOST_READS {
            return self.next_read(now);
        }
        Step::Done(self.finish())
    }

    /// Whether the sensor is to be without power for a moment; asking forgets it.
    pub fn wants_power_cycle(&mut self) -> bool {
        let hung = self.failed_samples >= HUNG_AFTER;
        if hung {
            self.failed_samples = 0;
        }
        hung
    }

    fn next_read(&self, now: Uptime) -> Step {
        Step::ReadAt(self.last_read.map_or(now, |last| last.plus_millis(REST_MS).max(now)))
    }

    fn finish(&mut self) -> Result<Measured, SensorFailure> {
        let good = &self.good[..self.count];
        if good.is_empty() {
            self.failed_samples = self.failed_samples.saturating_add(1);
            return Err(self.failure);
        }
        self.failed_samples = 0;
        Ok(Measured {
            t: Some(median(good, |read| read.0)),
            h: Some(median(good, |read| read.1)),
        })
    }
}

/// Of two the first: neither outvotes the other, and a mean would be a value nobody measured.
fn median(reads: &[(f64, f64)], value: impl Fn(&(f64, f64)) -> f64) -> f64 {
    let mut sorted = [0.0; WANTED];
    for (slot, read) in sorted.iter_mut().zip(reads) {
        *slot = value(read);
    }
    match reads.len() {
        WANTED => {
            sorted.sort_unstable_by(f64::total_cmp);
            sorted[WANTED / 2]
        }
        _ => sorted[0],
    }
}
