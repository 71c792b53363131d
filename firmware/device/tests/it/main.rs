//! A device on a desk: the real state machine with time, network and dice in the test's hands.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod backoff;
mod bad_days;
mod blob;
mod catching_up;
mod clock;
mod commands;
mod dht22;
mod power_cuts;
mod publishing;
mod sampler;
mod schedules;
mod server;
mod session;

use device::{Config, Device, Memory, Outgoing, Reading, Uptime};
use domain::reading::Measured;
use domain::serial::Serial;
use domain::time::Timestamp;

/// The calendar at uptime 0.
const EPOCH: Timestamp = Timestamp::from_millis(1_795_161_600_000);

fn serial() -> Serial {
    "TL-7K3F9Q2M".parse().unwrap()
}

fn second(second: u64) -> Uptime {
    Uptime::from_millis(second * 1000)
}

fn wall(now: Uptime) -> Timestamp {
    EPOCH.plus_millis(i64::try_from(now.as_millis()).unwrap())
}

fn climate(t: f64, h: f64) -> Reading {
    Measured { t: Some(t), h: Some(h) }.into()
}

fn device(config: Config) -> Device {
    Device::new(config, 12)
}

/// A device that is connected since uptime 0 and has said so.
fn connected(config: Config) -> Device {
    let mut device = device(config);
    device.on_connected(second(0));
    assert_eq!(
        topics(&drain(&mut device, second(0))),
        ["templog/v1/TL-7K3F9Q2M/status"]
    );
    device
}

fn drain<M: Memory>(device: &mut Device<M>, now: Uptime) -> Vec<Outgoing> {
    std::iter::from_fn(|| device.poll(now)).collect()
}

fn topics(outgoing: &[Outgoing]) -> Vec<String> {
    outgoing.iter().map(|message| message.topic.to_string()).collect()
}

fn payloads(outgoing: &[Outgoing]) -> Vec<&str> {
    outgoing.iter().map(|message| message.payload.as_str()).collect()
}
