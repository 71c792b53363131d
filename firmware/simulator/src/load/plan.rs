//! Which reading is due when, on which connection, and what it says.

use domain::reading::Measured;

/// At full speed a device is believed to send no more than this many readings per second.
const FASTEST_PER_S: f64 = 10_000.0;

/// The whole run's schedule: readings go round the connections in turn.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many connections.
    pub connections: u64,
    /// Readings per second, all together; 0 is as many as the broker takes.
    pub rate: f64,
    /// For how long, seconds.
    pub seconds: f64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "all of it is positive and far below 2^52"
)]
impl Plan {
    /// When readings stop being due, µs after the start.
    pub fn end_micros(&self) -> u64 {
        (self.seconds * 1e6) as u64
    }

    /// When a connection's `k`-th reading is due, µs after the start; `None` if that is not part of the run. At full
    /// speed a reading is due at once.
    pub fn due_micros(&self, connection: u64, k: u64, now_us: u64) -> Option<u64> {
        if self.is_full_speed() {
            return (now_us < self.end_micros()).then_some(now_us);
        }
        let due = ((k * self.connections + connection) as f64 / self.rate * 1e6) as u64;
        (k < self.count(connection)).then_some(due)
    }

    /// The time a reading carries, in ms after the start; `before_ms` is that of the reading before it.
    ///
    /// It is when the reading is due. Of readings that come faster than the milliseconds each takes the next one, in a
    /// stretch of time that ends with the run: a time in the future would not be believed.
    pub fn at_ms(&self, connection: u64, k: u64, due_us: u64, before_ms: Option<i64>) -> i64 {
        let due_ms = (due_us / 1000) as i64;
        let run_ms = (self.seconds * 1e3) as i64;
        if self.is_full_speed() {
            let ahead_ms = (self.seconds * FASTEST_PER_S) as i64;
            return before_ms.map_or(due_ms - ahead_ms, |before| (due_ms - ahead_ms).max(before + 1));
        }
        let gap_ms = self.connections as f64 / self.rate * 1e3;
        if gap_ms > 1.001 {
            due_ms
        } else {
            run_ms - (self.count(connection) - k) as i64
        }
    }

    fn is_full_speed(&self) -> bool {
        self.rate <= 0.0
    }

    /// How many readings a connection has to send.
    fn count(&self, connection: u64) -> u64 {
        let all = (self.rate * self.seconds).floor() as u64;
        all.saturating_sub(connection).div_ceil(self.connections)
    }

    /// How many readings are due in the whole run; unknown at full speed.
    pub fn due_until_end(&self) -> Option<u64> {
        (!self.is_full_speed()).then(|| (0..self.connections).map(|connection| self.count(connection)).sum())
    }

    /// What a reading says: plausible air that differs from reading to reading and from device to device.
    pub fn values(connection: u64, k: u64) -> Measured {
        let t = 20.0 + ((k * 7 + connection * 3) % 40) as f64 / 10.0;
        let h = 45.0 + ((k * 11 + connection) % 100) as f64 / 10.0;
        Measured {
            t: Some((t * 10.0).round() / 10.0),
            h: Some((h * 10.0).round() / 10.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Due times and `at`s of one connection's readings, as a connection asks for them.
    fn readings(plan: &Plan, connection: u64, now_us: impl Fn(u64) -> u64) -> Vec<(u64, i64)> {
        let mut readings: Vec<(u64, i64)> = Vec::new();
        while let Some(due) = plan.due_micros(connection, readings.len() as u64, now_us(readings.len() as u64)) {
            let before = readings.last().map(|(_, at)| *at);
            readings.push((due, plan.at_ms(connection, readings.len() as u64, due, before)));
        }
        readings
    }

    fn check(plan: Plan, now_us: impl Fn(u64) -> u64 + Copy) -> u64 {
        let end_ms = i64::try_from(plan.end_micros() / 1000).unwrap();
        let mut all = 0;
        for connection in 0..plan.connections {
            let readings = readings(&plan, connection, now_us);
            let times: BTreeSet<_> = readings.iter().map(|(_, at)| *at).collect();
            assert_eq!(times.len(), readings.len(), "every reading has a time of its own");
            assert!(times.iter().all(|at| *at < end_ms), "no reading is ahead of its time");
            assert!(readings.is_sorted(), "both times go forward");
            all += readings.len() as u64;
        }
        all
    }

    #[test]
    fn every_reading_is_due_once_and_has_a_time_of_its_own() {
        for (connections, rate, seconds, expected) in [
            (1, 10.0, 3.0, 30),
            (7, 500.0, 2.0, 1000),
            (20, 20_000.0, 2.0, 40_000),
            (20, 50_000.0, 2.0, 100_000),
            (1000, 30_000.0, 1.0, 30_000),
            (3, 2_900.0, 1.5, 4350),
        ] {
            let plan = Plan {
                connections,
                rate,
                seconds,
            };
            assert_eq!(check(plan, |_| 0), expected);
            assert_eq!(plan.due_until_end(), Some(expected));
        }
    }

    #[test]
    fn at_full_speed_readings_are_due_at_once_until_the_end() {
        let plan = Plan {
            connections: 2,
            rate: 0.0,
            seconds: 2.0,
        };
        assert_eq!(check(plan, |k| k * 150), 2 * 13_334);
        assert_eq!(plan.due_until_end(), None);
    }

    #[test]
    fn values_are_such_as_a_room_may_have() {
        for k in 0..1000 {
            let Measured { t, h } = Plan::values(k % 9, k);
            assert!((20.0..24.0).contains(&t.unwrap()) && (45.0..55.0).contains(&h.unwrap()));
        }
    }
}
