//! Thousands of random lives: whatever the network does, every reading that fits the memory
//! reaches the server, and none of them twice under two names.

use std::collections::{BTreeSet, VecDeque};

use device::{Cause, Config, Device, Uptime};
use proptest::prelude::*;

use crate::server::Server;
use crate::{climate, device, serial, wall};

const CAPACITY: usize = 40;

/// What may happen next.
#[derive(Clone, Debug)]
enum Step {
    Sample {
        has_clock: bool,
    },
    Wait {
        seconds: u64,
    },
    Connect,
    Disconnect {
        refused: bool,
    },
    LearnClock,
    /// The device says all it has to say.
    Pump,
    /// The next message on its way to the server is delivered, and how often: never may be, but none is overtaken.
    Deliver {
        copies: usize,
    },
    /// One ack on its way to the device is delivered, and how often.
    DeliverAck {
        pick: usize,
        copies: usize,
    },
    /// An ack that is not about this device's readings.
    ForeignAck,
}

fn step() -> impl Strategy<Value = Step> {
    let copies = || prop::sample::select(vec![0, 1, 1, 1, 2]);
    prop_oneof![
        4 => prop::bool::weighted(0.8).prop_map(|has_clock| Step::Sample { has_clock }),
        2 => (1..40_u64).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Connect),
        1 => any::<bool>().prop_map(|refused| Step::Disconnect { refused }),
        1 => Just(Step::LearnClock),
        3 => Just(Step::Pump),
        3 => copies().prop_map(|copies| Step::Deliver { copies }),
        2 => (any::<usize>(), copies()).prop_map(|(pick, copies)| Step::DeliverAck { pick, copies }),
        1 => Just(Step::ForeignAck),
    ]
}

/// A device, a server and the wires between them.
struct World {
    device: Device,
    server: Server,
    to_server: VecDeque<String>,
    to_device: VecDeque<String>,
    now: Uptime,
    connected: bool,
    sampled: u64,
}

impl World {
    fn new() -> Self {
        let config = Config {
            capacity: CAPACITY,
            batch: 7,
            live_in_flight: 3,
            backfill_in_flight: 2,
            ..Config::new(serial())
        };
        Self {
            device: device(config),
            server: Server::default(),
            to_server: VecDeque::new(),
            to_device: VecDeque::new(),
            now: Uptime::from_millis(0),
            connected: false,
            sampled: 0,
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Sample { has_clock } => self.sample(has_clock),
            Step::Wait { seconds } => self.now = self.now.plus_millis(seconds * 1000),
            Step::Connect if !self.connected => {
                self.connected = true;
                self.device.on_connected(self.now);
            }
            Step::Connect => {}
            Step::Disconnect { refused } => {
                self.connected = false;
                let cause = if refused { Cause::Refused } else { Cause::Lost };
                self.device.on_disconnected(self.now, cause, 7);
            }
            Step::LearnClock => self.device.on_clock(self.now, wall(self.now)),
            Step::Pump => self.pump(),
            Step::Deliver { copies } => {
                if let Some(payload) = self.to_server.pop_front() {
                    for _ in 0..copies {
                        let ack = self.server.receive(&payload);
                        self.to_device.push_back(ack);
                    }
                }
            }
            Step::DeliverAck { pick, copies } => {
                if let Some(payload) = remove(&mut self.to_device, pick) {
                    for _ in 0..copies {
                        self.device.on_ack(payload.as_bytes()).unwrap();
                    }
                }
            }
            Step::ForeignAck => {
                let freed = self.device.on_ack(br#"{"boot":11,"stored":[[0,9007199254740991]]}"#);
                assert_eq!(freed, Ok(0));
            }
        }
    }

    fn sample(&mut self, has_clock: bool) {
        self.now = self.now.plus_millis(1000);
        let at = has_clock.then(|| wall(self.now));
        let t = f64::from(u32::try_from(self.sampled % 400).unwrap()) / 10.0;
        assert_eq!(self.device.on_sample(self.now, at, climate(t, 50.0)), self.sampled);
        self.sampled += 1;
    }

    fn pump(&mut self) {
        let messages: Vec<_> = std::iter::from_fn(|| self.device.poll(self.now)).collect();
        let telemetry = |topic: &str| topic.ends_with("/telemetry");
        let sent: Vec<_> = messages
            .into_iter()
            .filter(|m| telemetry(&m.topic.to_string()))
            .collect();
        assert!(self.connected || sent.is_empty());
        assert!(sent.len() <= 5, "{} messages in flight at once", sent.len());
        self.to_server.extend(sent.into_iter().map(|message| message.payload));
    }

    /// From now on the network works; returns once the device has nothing left to send.
    fn recover(&mut self) {
        self.take(&Step::Connect);
        for _ in 0..200 {
            self.pump();
            while let Some(payload) = self.to_server.pop_front() {
                let ack = self.server.receive(&payload);
                self.device.on_ack(ack.as_bytes()).unwrap();
            }
            if self.device.unstored() == 0 {
                return;
            }
            self.now = self.now.plus_millis(31_000);
        }
        panic!("{} readings never arrived", self.device.unstored());
    }
}

fn remove(queue: &mut VecDeque<String>, pick: usize) -> Option<String> {
    if queue.is_empty() {
        None
    } else {
        queue.remove(pick % queue.len())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_reading_that_fits_reaches_the_server(steps in prop::collection::vec(step(), 1..100)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
            // Forgotten means stored: what the device no longer keeps, the server has.
            let stored = world.server.count();
            let lost = world.device.overwritten();
            prop_assert!(stored + world.device.unstored() as u64 + lost >= world.sampled);
        }
        world.recover();

        let stored: BTreeSet<_> = world.server.seqs(12).into_iter().collect();
        let missing: Vec<_> = (0..world.sampled).filter(|seq| !stored.contains(seq)).collect();
        prop_assert!(missing.len() as u64 <= world.device.overwritten(), "lost {:?}", missing);
        let oldest_kept = world.sampled.saturating_sub(CAPACITY as u64);
        prop_assert!(missing.iter().all(|seq| *seq < oldest_kept), "lost {:?}", missing);
        prop_assert!(stored.iter().all(|seq| *seq < world.sampled));

        let times = world.server.times();
        let distinct: BTreeSet<_> = times.iter().collect();
        prop_assert_eq!(distinct.len(), times.len(), "two readings share a time");
    }
}
