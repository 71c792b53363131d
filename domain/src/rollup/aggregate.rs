//! Sums that can be added: the day is the sum of its slots, the year of its days.

/// One metric over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aggregate {
    /// Σ value · weight, in value·seconds.
    pub sum: f64,
    /// Σ weight, in milliseconds.
    pub weight_ms: i64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Both metrics over a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rollup {
    /// Readings that passed the sensor-fault gate.
    pub n: u32,
    /// Time these readings stand for, ms.
    pub covered_ms: i64,
    /// Temperature, if any reading carried one.
    pub t: Option<Aggregate>,
    /// Humidity, if any reading carried one.
    pub h: Option<Aggregate>,
}

impl Aggregate {
    /// The time-weighted mean. Weight is positive for every aggregate that holds a reading.
    #[expect(clippy::cast_precision_loss, reason = "weights are far below 2^52 ms")]
    pub fn avg(self) -> f64 {
        self.sum / (self.weight_ms as f64 / 1000.0)
    }

    /// Both stretches together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            sum: self.sum + other.sum,
            weight_ms: self.weight_ms + other.weight_ms,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

impl Rollup {
    /// Both stretches together; the order of merging does not matter.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            covered_ms: self.covered_ms + other.covered_ms,
            t: merge_some(self.t, other.t),
            h: merge_some(self.h, other.h),
        }
    }

    /// Share of a stretch of `length_ms` that readings stand for, 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a year of milliseconds is far below 2^52")]
    pub fn coverage(self, length_ms: i64) -> f64 {
        if length_ms <= 0 {
            0.0
        } else {
            (self.covered_ms as f64 / length_ms as f64).min(1.0)
        }
    }
}

fn merge_some(a: Option<Aggregate>, b: Option<Aggregate>) -> Option<Aggregate> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.merge(b)),
        (one, other) => one.or(other),
    }
}
