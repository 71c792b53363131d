//! The device's life: readings come in, connections come and go, and now and then somebody asks for something.

use alloc::string::String;

use device::calendar::{Calendar, Source};
use device::flash::FlashMemory;
use device::watchdog::Watchdog;
use device::{Action, Config, Device, Reading, Uptime};
use domain::time::Timestamp;
use domain::wire::ack;
use embassy_futures::select::{Either3, select3};
use embassy_net::Stack;
use embassy_time::{Instant, Timer};
use esp_hal::rng::Rng;
use esp_println::println;
use portal::Settings;

use crate::lamp::{self, Show};
use crate::link;
use crate::sensor::{INTERVAL, READ_NOW, SAMPLES, Sampled};
use crate::storage::Storage;
use crate::{budget, clock, station};

/// Everything the device is.
pub struct Life {
    pub device: Device<FlashMemory<Storage>>,
    pub watchdog: Watchdog,
    calendar: Calendar,
    restart: bool,
}

pub fn now() -> Uptime {
    Uptime::from_millis(Instant::now().as_millis())
}

/// Lives. Never ends but by a restart.
pub async fn run(stack: Stack<'static>, settings: &Settings, storage: Storage, rng: Rng) -> ! {
    let memory = storage
        .memory()
        .expect("a device that cannot count its starts must not name readings");
    let config = Config {
        fw: String::from(concat!(env!("CARGO_PKG_VERSION"), "-esp32c3")),
        capacity: budget::READINGS,
        reserve: true,
        batch: budget::BATCH,
        ..Config::new(settings.credentials.serial)
    };
    let mut life = Life {
        device: Device::resume(config, memory),
        watchdog: Watchdog::new(now()),
        calendar: Calendar::default(),
        restart: false,
    };
    println!(
        "start {}, {} readings to send",
        life.device.boot(),
        life.device.unstored()
    );
    loop {
        lamp::show(Show::Connecting);
        let cause = link::run(&mut life, stack, settings).await;
        if matches!(cause, device::Cause::Refused) {
            lamp::show(Show::Trouble);
        }
        let wait_ms = life.device.on_disconnected(now(), cause, rng.random());
        life.wait_until(Instant::now().as_millis() + wait_ms).await;
    }
}

impl Life {
    /// Goes on measuring until it is time to try again.
    async fn wait_until(&mut self, ms: u64) {
        while Instant::now().as_millis() < ms {
            match select3(
                Timer::at(Instant::from_millis(ms)),
                SAMPLES.receive(),
                clock::TOLD.wait(),
            )
            .await
            {
                Either3::First(()) => {}
                Either3::Second(sampled) => self.on_sampled(sampled),
                Either3::Third(told) => self.on_clock(told, Source::Sntp),
            }
        }
    }

    /// The sensor was read.
    pub fn on_sampled(&mut self, (taken, values): Sampled) {
        let reading = Reading {
            values,
            light: None,
            rssi: station::rssi(),
            bat: None,
        };
        self.device.on_sample(taken, self.calendar.at(taken), reading);
        if self.watchdog.is_dead(now(), self.device.unstored()) {
            println!("nobody has heard of us for hours: starting anew");
            esp_hal::system::software_reset();
        }
    }

    /// Somebody told the time.
    pub fn on_clock(&mut self, (then, wall): (Uptime, Timestamp), source: Source) {
        if self.calendar.learn(then, wall, source) {
            self.device.on_clock(then, wall);
        }
    }

    /// The server acknowledged readings.
    pub fn on_ack(&mut self, payload: &[u8]) {
        if self.device.on_ack(payload).is_err() {
            println!("an ack that is none");
        }
        self.watchdog.on_server(now());
        if let Some(wall) = ack::clock(payload) {
            self.on_clock((now(), wall), Source::Server);
        }
    }

    /// The server asked for something.
    pub fn on_action(&mut self, action: Action) {
        self.watchdog.on_server(now());
        match action {
            Action::Measure => READ_NOW.signal(()),
            Action::Identify => lamp::show(Show::Identify),
            Action::SetInterval(seconds) => INTERVAL.signal(seconds),
            Action::Led(on) => lamp::show(Show::Fixed(on)),
            Action::Restart => self.restart = true,
        }
    }

    /// All replies are sent: a restart that was asked for happens now.
    pub fn on_idle(&self) {
        if self.restart {
            esp_hal::system::software_reset();
        }
    }
}
