//! One bad day of a device, its flash, its network and a server, moment by moment.

use std::collections::{BTreeMap, VecDeque};

use device::calendar::{Calendar, Source};
use device::flash::{Chip, FlashMemory, SECTORS_OF_STARTS};
use device::{Cause, Config, Device, Uptime};
use domain::time::Timestamp;
use domain::wire::ack::clock;
use domain::wire::telemetry::{Sample, decode};

use super::dice::Dice;
use crate::server::Server;
use crate::{EPOCH, climate, serial};

/// Readings of an undisturbed day, one each quarter of an hour.
pub const SAMPLES: usize = 96;
/// Readings the device keeps.
pub const CAPACITY: usize = 128;
const SECTORS: u32 = 3;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const INTERVAL: i64 = 15 * MINUTE;
const KILLS: usize = 20;
const CUTS: usize = 5;
const LOSS_PERCENT: u64 = 30;

/// What the sensor really measured.
pub struct Truth {
    pub at_ms: i64,
    /// It was under way to the flash when the power went, or nobody knew the time before that.
    pub may_be_lost: bool,
    had_clock: bool,
}

/// A device with power.
struct Powered {
    device: Device<FlashMemory<Chip>>,
    since_ms: i64,
    calendar: Calendar,
    next_sample: i64,
    /// Readings from here on belong to this life.
    first_truth: usize,
    retry_at: Option<i64>,
    sntp_at: Option<i64>,
}

pub struct Day {
    dice: Dice,
    chip: Chip,
    powered: Option<Powered>,
    power_on_at: i64,
    server: Server,
    received: BTreeMap<(u64, u64), (Sample, i64)>,
    to_server: VecDeque<(i64, String)>,
    to_device: VecDeque<(i64, String)>,
    kills: VecDeque<i64>,
    cuts: VecDeque<i64>,
    outage: std::ops::Range<i64>,
    has_time_server: bool,
    now: i64,
    pub truth: Vec<Truth>,
}

fn moments(dice: &mut Dice, count: usize) -> VecDeque<i64> {
    let mut moments: Vec<_> = (0..count).map(|_| dice.ms(0..DAY)).collect();
    moments.sort_unstable();
    moments.into()
}

impl Day {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let outage_at = dice.ms(0..DAY);
        Self {
            chip: Chip::new((SECTORS_OF_STARTS + SECTORS) as usize),
            powered: None,
            power_on_at: 0,
            server: Server::default(),
            received: BTreeMap::new(),
            to_server: VecDeque::new(),
            to_device: VecDeque::new(),
            kills: moments(&mut dice, KILLS),
            cuts: moments(&mut dice, CUTS),
            outage: outage_at..outage_at + dice.ms(0..12 * HOUR),
            has_time_server: dice.chance(80),
            now: 0,
            truth: Vec::new(),
            dice,
        }
    }

    /// Lives through the day, and then on in peace until the server has everything.
    pub fn live(&mut self) {
        while self.now < DAY
            || self
                .powered
                .as_ref()
                .is_none_or(|powered| powered.device.unstored() > 0)
        {
            self.now = self.next_moment();
            assert!(self.now < 3 * DAY, "something never arrived");
            self.happen();
            self.pump();
            if self.chip.is_dead() {
                self.lose_power();
            }
        }
    }

    /// What the server has: name, reading, when it first came.
    pub fn stored(&self) -> impl Iterator<Item = ((u64, u64), &Sample, i64)> {
        self.received.iter().map(|(id, (sample, at))| (*id, sample, *at))
    }

    fn next_moment(&self) -> i64 {
        let first = |queue: &VecDeque<(i64, String)>| queue.front().map(|(at, _)| *at);
        let mut moments = vec![first(&self.to_server), first(&self.to_device)];
        moments.extend([self.kills.front().copied(), self.cuts.front().copied()]);
        match &self.powered {
            None => moments.push(Some(self.power_on_at)),
            Some(powered) => {
                let wake = powered.device.next_wake();
                let wake = wake.map(|wake| powered.since_ms + i64::try_from(wake.as_millis()).unwrap());
                moments.extend([wake, Some(powered.next_sample), powered.retry_at, powered.sntp_at]);
            }
        }
        moments.into_iter().flatten().min().unwrap().max(self.now)
    }

    fn happen(&mut self) {
        let now = self.now;
        if self.powered.is_none() && now >= self.power_on_at {
            self.power_on();
        }
        if self.kills.pop_front_if(|at| *at <= now).is_some() {
            self.disconnect();
        }
        if self.cuts.pop_front_if(|at| *at <= now).is_some() && self.powered.is_some() {
            if self.dice.chance(50) {
                self.lose_power();
            } else {
                self.chip.cut_after(1 + usize::try_from(self.dice.below(40)).unwrap());
            }
        }
        self.deliver();
        self.sample();
        self.ask_for_the_time();
        self.retry();
    }

    fn power_on(&mut self) {
        self.chip.restore_power();
        let config = Config {
            capacity: CAPACITY,
            interval_s: u32::try_from(INTERVAL / 1000).unwrap(),
            batch: 40,
            ..Config::new(serial())
        };
        let memory = FlashMemory::open(self.chip.clone(), 0, SECTORS).unwrap();
        self.powered = Some(Powered {
            device: Device::resume(config, memory),
            since_ms: self.now,
            calendar: Calendar::default(),
            next_sample: self.now + 1_000,
            first_truth: self.truth.len(),
            retry_at: Some(self.now + self.dice.ms(1_000..20_000)),
            sntp_at: None,
        });
    }

    fn lose_power(&mut self) {
        let Some(powered) = self.powered.take() else { return };
        for truth in &mut self.truth[powered.first_truth..] {
            truth.may_be_lost |= !truth.had_clock;
        }
        if self.chip.is_dead()
            && let Some(last) = self.truth.last_mut().filter(|last| last.at_ms == self.now)
        {
            last.may_be_lost = true;
        }
        self.to_device.clear();
        self.power_on_at = self.now + self.dice.ms(1_000..HOUR);
    }

    fn disconnect(&mut self) {
        let random = u32::try_from(self.dice.number() >> 32).unwrap();
        let Some(powered) = &mut self.powered else { return };
        let now = powered.uptime(self.now);
        let wait_ms = powered.device.on_disconnected(now, Cause::Lost, random);
        powered.retry_at = Some(self.now + i64::try_from(wait_ms).unwrap());
        self.to_device.clear();
    }

    fn retry(&mut self) {
        let is_out = self.outage.contains(&self.now);
        let Some(powered) = &mut self.powered else { return };
        if powered.retry_at.is_none_or(|at| at > self.now) {
            return;
        }
        if is_out {
            self.disconnect();
            return;
        }
        powered.retry_at = None;
        powered.device.on_connected(powered.uptime(self.now));
        if self.has_time_server && powered.calendar.at(powered.uptime(self.now)).is_none() {
            powered.sntp_at = Some(self.now + self.dice.ms(100..5_000));
        }
    }

    fn ask_for_the_time(&mut self) {
        let is_lost = self.is_lost();
        let Some(powered) = &mut self.powered else { return };
        if powered.sntp_at.take_if(|at| *at <= self.now).is_some() {
            if is_lost {
                powered.sntp_at = Some(self.now + MINUTE);
            } else {
                powered.learn(self.now, EPOCH.plus_millis(self.now), Source::Sntp);
            }
        }
    }

    fn sample(&mut self) {
        let index = self.truth.len();
        let Some(powered) = &mut self.powered else { return };
        if self.now < powered.next_sample {
            return;
        }
        powered.next_sample = self.now + INTERVAL;
        let uptime = powered.uptime(self.now);
        let at = powered.calendar.at(uptime);
        self.truth.push(Truth {
            at_ms: self.now,
            may_be_lost: false,
            had_clock: at.is_some(),
        });
        let t = f64::from(u32::try_from(index).unwrap()) / 10.0;
        powered.device.on_sample(uptime, at, climate(t, 50.0));
    }

    fn deliver(&mut self) {
        while let Some(payload) = take_due(&mut self.to_server, self.now) {
            for sample in decode(payload.as_bytes()).unwrap() {
                let sample = sample.unwrap();
                let id = sample.id.unwrap();
                self.received.entry((id.boot, id.seq)).or_insert((sample, self.now));
            }
            let ack = self.server.receive_at(&payload, EPOCH.plus_millis(self.now));
            let way = self.dice.ms(20..2_000);
            if !self.is_lost() {
                send(&mut self.to_device, self.now + way, ack);
            }
        }
        while let Some(ack) = take_due(&mut self.to_device, self.now) {
            let Some(powered) = &mut self.powered else { continue };
            powered.device.on_ack(ack.as_bytes()).unwrap();
            let wall = clock(ack.as_bytes()).unwrap();
            powered.learn(self.now, wall, Source::Server);
        }
    }

    fn pump(&mut self) {
        while let Some(powered) = &mut self.powered
            && let Some(outgoing) = powered.device.poll(powered.uptime(self.now))
        {
            // Whatever the last write was for, without power nothing is sent.
            if self.chip.is_dead() {
                return;
            }
            let way = self.dice.ms(20..2_000);
            if outgoing.topic.to_string().ends_with("/telemetry") && !self.is_lost() {
                send(&mut self.to_server, self.now + way, outgoing.payload);
            }
        }
    }

    /// After the day the network is good again.
    fn is_lost(&mut self) -> bool {
        self.now < DAY && self.dice.chance(LOSS_PERCENT)
    }
}

impl Powered {
    fn uptime(&self, now: i64) -> Uptime {
        Uptime::from_millis(u64::try_from(now - self.since_ms).unwrap())
    }

    fn learn(&mut self, now: i64, wall: Timestamp, source: Source) {
        let uptime = self.uptime(now);
        if self.calendar.learn(uptime, wall, source) {
            self.device.on_clock(uptime, wall);
        }
    }
}

/// Messages may be lost on their way, but overtake each other they do not [MQTT-4.6.0].
fn send(queue: &mut VecDeque<(i64, String)>, arrives: i64, payload: String) {
    let before = queue.back().map_or(arrives, |(at, _)| *at);
    queue.push_back((arrives.max(before), payload));
}

fn take_due(queue: &mut VecDeque<(i64, String)>, now: i64) -> Option<String> {
    queue.pop_front_if(|(at, _)| *at <= now).map(|(_, payload)| payload)
}
