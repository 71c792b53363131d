//! Devices that talk nonsense, and now and then say something true.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::garbage;
use crate::doors::raw::{Heard, Hello, Level, PUBACK, PUBLISH, Raw};
use crate::doors::site::{PATIENCE, Sold};

/// Messages in the air at once.
const WINDOW: usize = 20;
/// One message in so many is a good one.
const GOOD: u32 = 10;

/// One device and its connection.
pub struct Talker<'a> {
    sold: &'a Sold,
    client: Raw,
    random: StdRng,
    in_the_air: BTreeSet<u16>,
    next_id: u16,
    /// Good readings sent.
    pub good: i64,
}

impl<'a> Talker<'a> {
    /// Connects.
    pub fn new(address: SocketAddr, sold: &'a Sold, level: Level, seed: u64) -> Self {
        let client = Raw::connect(address, &Hello::device(level, sold.serial.as_str(), &sold.password));
        Self {
            sold,
            client,
            random: StdRng::seed_from_u64(seed),
            in_the_air: BTreeSet::new(),
            next_id: 1,
            good: 0,
        }
    }

    /// Says `messages` things, and waits until each is acknowledged.
    ///
    /// # Panics
    /// If the broker ends the connection: nonsense is no reason to.
    pub fn talk(&mut self, messages: u32) {
        for _ in 0..messages {
            self.say_something();
            while self.in_the_air.len() >= WINDOW {
                self.listen();
            }
        }
        while !self.in_the_air.is_empty() {
            self.listen();
        }
        assert!(self.client.answers_ping());
    }

    fn say_something(&mut self) {
        let (topic, payload) = match self.random.random_range(0..GOOD) {
            0 => self.good_one(),
            1 => (
                garbage::topic(&mut self.random, self.sold),
                garbage::payload(&mut self.random),
            ),
            2 => (self.sold.topic("status"), garbage::payload(&mut self.random)),
            3 => (self.sold.topic("reply"), garbage::payload(&mut self.random)),
            _ => (self.sold.topic("telemetry"), garbage::payload(&mut self.random)),
        };
        let id = self.next_id;
        self.next_id = id.checked_add(1).unwrap_or(1);
        self.in_the_air.insert(id);
        let retain = self.random.random_bool(0.1);
        self.client
            .publish(&topic, &payload, 1, id, retain && !payload.is_empty());
    }

    /// Alone, or in an array whose other items make no sense.
    fn good_one(&mut self) -> (String, Vec<u8>) {
        self.good += 1;
        let reading = format!("{{\"boot\":1,\"seq\":{},\"t\":21.5,\"h\":50}}", self.good);
        let payload = match self.random.random_range(0..4) {
            0 => format!("[{{\"t\":\"x\"}},{reading},{{\"t\":1e999}}]"),
            1 => format!("[{{\"t\":nan}},{reading}]"),
            _ => reading,
        };
        (self.sold.topic("telemetry"), payload.into_bytes())
    }

    fn listen(&mut self) {
        match self.client.hear(PATIENCE) {
            Heard::Packet(packet) if packet.kind() == PUBACK => {
                assert!(
                    self.in_the_air.remove(&packet.id()),
                    "an acknowledgement of something never sent"
                );
                if self.client.level == Level::V4 {
                    assert_eq!(packet.body.len(), 2, "a 3.1.1 client must never see a reason code");
                }
            }
            Heard::Packet(packet) if packet.kind() == PUBLISH => {}
            other => panic!("a talker heard {other:?}"),
        }
    }
}
