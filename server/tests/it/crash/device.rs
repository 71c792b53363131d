//! A device with a memory: it keeps every reading until the server says that it is stored, and sends again what was
//! not acknowledged in time. It writes down what it was told and when, for the oracle.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use domain::reading::Measured;
use domain::time::Timestamp;
use domain::wire::ack;
use domain::wire::telemetry::{Body, Sample, SampleId, encode};
use server::clock::Clock;

use crate::doors::raw::{Heard, Hello, Level, PUBACK, PUBLISH, Packet, Raw};
use crate::doors::site::Sold;

/// Time between two readings, ms.
const PERIOD_MS: i64 = 40;
/// A reading that was not acknowledged for so long is sent again, ms.
const AGAIN_MS: i64 = 3_000;
/// Readings in one message when catching up.
const CATCH_UP: usize = 100;

/// What a device was told.
#[derive(Debug, Default, Clone)]
pub struct Told {
    /// Readings whose PUBACK arrived.
    pub puback: BTreeSet<u64>,
    /// Readings the server has said to be stored.
    pub stored: BTreeSet<u64>,
    /// Readings measured, with the time that is their name in the database.
    pub measured: BTreeMap<u64, Timestamp>,
    /// Connections made.
    pub connects: u32,
}

/// Shared with the thread of the device.
#[derive(Default)]
pub struct Shared {
    pub told: Mutex<Told>,
    /// Stop measuring; go on until everything is told to be stored.
    pub finish: AtomicBool,
    /// Stop at once.
    pub stop: AtomicBool,
}

impl Shared {
    pub fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().expect("no device panics while it writes")
    }
}

/// The thread's own.
pub struct Device {
    pub sold: Sold,
    pub level: Level,
    pub address: SocketAddr,
    pub shared: Arc<Shared>,
    clock: Clock,
    next_seq: u64,
    /// When it last measured: no two readings may have the same time, which is their name.
    last_at: Timestamp,
    /// Measured and not yet told to be stored, with the moment of the last attempt.
    memory: BTreeMap<u64, (Sample, Timestamp)>,
    /// The readings of each message in the air.
    in_the_air: BTreeMap<u16, Vec<u64>>,
    next_id: u16,
}

impl Device {
    pub fn new(sold: Sold, level: Level, address: SocketAddr, shared: Arc<Shared>) -> Self {
        Self {
            sold,
            level,
            address,
            shared,
            clock: Clock::system(),
            next_seq: 1,
            last_at: Timestamp::default(),
            memory: BTreeMap::new(),
            in_the_air: BTreeMap::new(),
            next_id: 1,
        }
    }

    /// Lives until told to stop, or to finish and everything is stored.
    pub fn live(mut self) {
        while !self.is_done() {
            if let Some(mut client) = self.connect() {
                self.send_again(&mut client, i64::MIN);
                while !self.is_done() && self.one_period(&mut client) {}
            }
        }
    }

    fn is_done(&self) -> bool {
        self.shared.stop.load(Ordering::Relaxed) || self.shared.finish.load(Ordering::Relaxed) && self.memory.is_empty()
    }

    /// Keeps measuring while it is not connected.
    fn connect(&mut self) -> Option<Raw> {
        self.in_the_air.clear();
        let serial = self.sold.serial;
        let hello = Hello::device(self.level, serial.as_str(), &self.sold.password);
        let connected = Raw::try_connect(self.address, &hello)
            .ok()
            .filter(|(_, answer)| matches!(answer, Heard::Packet(Packet { first: 0x20, body }) if body[1] == 0));
        let Some((mut client, _)) = connected else {
            self.measure();
            std::thread::park_timeout(Duration::from_millis(40));
            return None;
        };
        client.send(&crate::doors::raw::subscribe(self.level, &self.sold.topic("ack")));
        self.shared.told().connects += 1;
        Some(client)
    }

    /// Measures, sends, and listens until the period is over. `false` if the connection is gone.
    fn one_period(&mut self, client: &mut Raw) -> bool {
        let began = self.clock.now();
        if let Some(seq) = self.measure() {
            self.send(client, &[seq]);
        }
        self.send_again(client, AGAIN_MS);
        loop {
            let left = PERIOD_MS - self.clock.now().since(began);
            let Ok(left) = u64::try_from(left) else { return true };
            match client.hear(Duration::from_millis(left.max(1))) {
                Heard::Packet(packet) => self.heard(client, &packet),
                Heard::Silence => {}
                Heard::Closed => return false,
            }
        }
    }

    /// A slow wave: the sensor-fault gate must believe every reading.
    fn measure(&mut self) -> Option<u64> {
        if self.shared.finish.load(Ordering::Relaxed) {
            return None;
        }
        let (seq, now) = (self.next_seq, self.clock.now().max(self.last_at.plus_millis(1)));
        self.next_seq += 1;
        self.last_at = now;
        #[expect(clippy::cast_precision_loss, reason = "a test does not count that far")]
        let phase = seq as f64 / 50.0;
        let measured = Measured {
            t: Some(21.0 + 3.0 * phase.sin()),
            h: Some(50.0 + 10.0 * phase.cos()),
        };
        let sample = Sample {
            id: Some(SampleId { boot: 1, seq }),
            at: Some(now),
            body: Body::Measured(measured),
            light: None,
            rssi: None,
            bat: None,
        };
        self.memory.insert(seq, (sample, now));
        self.shared.told().measured.insert(seq, now);
        Some(seq)
    }

    fn send_again(&mut self, client: &mut Raw, older_than_ms: i64) {
        let now = self.clock.now();
        let late = |(seq, (_, sent)): (&u64, &(Sample, Timestamp))| (now.since(*sent) > older_than_ms).then_some(*seq);
        let seqs: Vec<u64> = self.memory.iter().filter_map(late).collect();
        for seqs in seqs.chunks(CATCH_UP) {
            self.send(client, seqs);
        }
    }

    fn send(&mut self, client: &mut Raw, seqs: &[u64]) {
        let now = self.clock.now();
        let mut samples = Vec::with_capacity(seqs.len());
        for seq in seqs {
            if let Some((sample, sent)) = self.memory.get_mut(seq) {
                *sent = now;
                samples.push(sample.clone());
            }
        }
        let id = self.next_id;
        self.next_id = if id == u16::MAX { 1 } else { id + 1 };
        self.in_the_air.insert(id, seqs.to_vec());
        client.publish(&self.sold.topic("telemetry"), encode(&samples).as_bytes(), 1, id, false);
    }

    fn heard(&mut self, client: &Raw, packet: &Packet) {
        let mut told = self.shared.told();
        match packet.kind() {
            PUBACK => {
                assert_eq!(
                    packet.body.get(2).copied().unwrap_or(0) & 0x80,
                    0,
                    "a good reading is refused"
                );
                told.puback
                    .extend(self.in_the_air.remove(&packet.id()).unwrap_or_default());
            }
            PUBLISH => {
                let (_, payload) = client.open(packet);
                let ack = ack::decode(&payload).expect("an ack is well-formed");
                for (first, last) in ack.stored {
                    told.stored.extend(first..=last);
                    self.memory.retain(|seq, _| !(first..=last).contains(seq));
                }
            }
            _ => {}
        }
    }
}
