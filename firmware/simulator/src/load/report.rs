//! What a run comes to.

use serde::Serialize;

/// Counts and latencies of one connection, or of all.
#[derive(Debug, Default)]
pub struct Tally {
    pub sent: u64,
    pub resent: u64,
    pub acked: u64,
    pub refused: u64,
    pub stored: u64,
    pub reconnects: u64,
    /// From due to sent, µs.
    pub slips: Vec<u32>,
    /// From due to PUBACK, µs.
    pub acks: Vec<u32>,
    /// From due to the server's ack, µs.
    pub stores: Vec<u32>,
    /// When the last PUBACK came, µs after the start.
    pub last_us: u64,
}

impl Tally {
    /// Adds another connection's.
    pub fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.resent += other.resent;
        self.acked += other.acked;
        self.refused += other.refused;
        self.stored += other.stored;
        self.reconnects += other.reconnects;
        self.slips.extend(other.slips);
        self.acks.extend(other.acks);
        self.stores.extend(other.stores);
        self.last_us = self.last_us.max(other.last_us);
    }
}

/// The totals that are printed.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Devices, each with a connection.
    pub connections: usize,
    /// MQTT version.
    pub protocol: u8,
    /// Readings per second that were due.
    pub rate: f64,
    /// For how long, s.
    pub seconds: f64,
    /// Readings without PUBACK allowed on a connection.
    pub window: u16,
    /// Readings that were due; unknown at full speed.
    pub due: Option<u64>,
    /// Readings sent at least once.
    pub sent: u64,
    /// Sendings beyond the first.
    pub resent: u64,
    /// Readings the broker acknowledged (PUBACK).
    pub acked: u64,
    /// Refusals by the broker.
    pub refused: u64,
    /// Readings the server acknowledged as stored.
    pub stored: u64,
    /// Connections made beyond the first.
    pub reconnects: u64,
    /// From the start to the last PUBACK, s.
    pub elapsed_s: f64,
    /// Readings acknowledged by the broker per second of `elapsed_s`.
    pub acked_per_s: f64,
    /// From due to sent, ms.
    pub slip_ms: Quantiles,
    /// From due to PUBACK, ms.
    pub acked_ms: Quantiles,
    /// From due to the server's ack, ms.
    pub stored_ms: Quantiles,
}

/// A distribution in five numbers; absent without values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    pub p50: Option<f64>,
    pub p90: Option<f64>,
    pub p99: Option<f64>,
    pub p999: Option<f64>,
    pub max: Option<f64>,
}

/// Quantiles in ms of values in µs: the smallest value that at least that share of all does not exceed.
pub fn quantiles(mut micros: Vec<u32>) -> Quantiles {
    micros.sort_unstable();
    let of = |per_mille: usize| {
        let rank = (micros.len() * per_mille).div_ceil(1000).max(1);
        micros.get(rank - 1).map(|us| f64::from(*us) / 1000.0)
    };
    Quantiles {
        p50: of(500),
        p90: of(900),
        p99: of(990),
        p999: of(999),
        max: of(1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occurred() {
        let q = quantiles((1..=1000).rev().map(|ms| ms * 1000).collect());
        assert_eq!(
            (q.p50, q.p99, q.p999, q.max),
            (Some(500.0), Some(990.0), Some(999.0), Some(1000.0))
        );
        assert_eq!(quantiles(vec![7000]).p50, Some(7.0));
        assert_eq!(quantiles(Vec::new()), Quantiles::default());
    }
}
