//! A model of the server: it stores what reaches it, once, and acknowledges exactly that.

use std::collections::BTreeMap;

use domain::time::Timestamp;
use domain::wire::ack::{Ack, encode, encode_at, ranges};
use domain::wire::telemetry::{Sample, decode};

/// Everything that was ever stored.
#[derive(Default)]
pub struct Server {
    stored: BTreeMap<(u64, u64), Sample>,
}

impl Server {
    /// Stores a payload and returns the ack for it.
    pub fn receive(&mut self, payload: &str) -> String {
        encode(&self.store(payload))
    }

    /// The same at a moment that the ack tells.
    pub fn receive_at(&mut self, payload: &str, now: Timestamp) -> String {
        encode_at(&self.store(payload), now)
    }

    fn store(&mut self, payload: &str) -> Ack {
        let samples = decode(payload.as_bytes()).unwrap();
        assert!(samples.len() <= 512);
        let mut seqs = Vec::new();
        let mut boot = 0;
        for sample in samples {
            let sample = sample.unwrap();
            let id = sample.id.unwrap();
            boot = id.boot;
            seqs.push(id.seq);
            // The same name must always mean the same reading: only then does it not matter how often it is
            // delivered. A time may be added to it, but never changed.
            let first = self.stored.entry((id.boot, id.seq)).or_insert_with(|| sample.clone());
            let timeless = |sample: &Sample| Sample {
                at: None,
                ..sample.clone()
            };
            assert_eq!(timeless(first), timeless(&sample));
            assert!(
                first.at.is_none() || first.at == sample.at,
                "{first:?} became {sample:?}"
            );
        }
        assert!(seqs.is_sorted(), "{seqs:?}");
        Ack {
            boot,
            stored: ranges(seqs),
        }
    }

    /// The numbers that are stored of one boot.
    pub fn seqs(&self, boot: u64) -> Vec<u64> {
        self.stored
            .keys()
            .filter(|(b, _)| *b == boot)
            .map(|(_, seq)| *seq)
            .collect()
    }

    /// How many are stored of all boots.
    pub fn count(&self) -> u64 {
        self.stored.len() as u64
    }

    /// Times the server files readings under; two readings of one time would be one.
    pub fn times(&self) -> Vec<Timestamp> {
        self.stored.values().filter_map(|sample| sample.at).collect()
    }
}
