//! Counts what a batch was made of, and tells the metrics once per commit.

use domain::reading::{Fault, Verdict};

/// Numbers of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub stored: u64,
    pub duplicates: u64,
    pub rejected: usize,
    pub unknown_device: u64,
    /// Messages of devices that no household has.
    pub unclaimed: u64,
    /// Readings from the time of an earlier household.
    pub foreign: u64,
    pub unconfirmed: u64,
    /// In the order of [`FAULTS`].
    pub faults: [u64; FAULTS.len()],
}

const FAULTS: [Fault; 3] = [Fault::OutOfRange, Fault::StuckPair, Fault::SensorFailed];

impl Tally {
    /// Counts a new reading.
    pub(super) fn count(&mut self, verdict: Verdict) {
        self.stored += 1;
        match verdict {
            Verdict::Sound | Verdict::Confirming => {}
            Verdict::Unconfirmed => self.unconfirmed += 1,
            Verdict::Fault(fault) => {
                for (count, _) in self.faults.iter_mut().zip(FAULTS).filter(|(_, kind)| *kind == fault) {
                    *count += 1;
                }
            }
        }
    }

    /// Adds this batch to the metrics.
    pub(super) fn publish(&self) {
        add("stored", self.stored);
        add("duplicate", self.duplicates);
        add("rejected", self.rejected as u64);
        add("unknown_device", self.unknown_device);
        add("unclaimed", self.unclaimed);
        add("foreign", self.foreign);
        add("unconfirmed", self.unconfirmed);
        for (count, fault) in self.faults.into_iter().zip(FAULTS) {
            if count > 0 {
                metrics::counter!("templog_sensor_faults_total", "fault" => fault.as_str()).increment(count);
            }
        }
    }
}

fn add(outcome: &'static str, count: u64) {
    if count > 0 {
        metrics::counter!("templog_readings_total", "outcome" => outcome).increment(count);
    }
}
