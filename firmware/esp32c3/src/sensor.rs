//! The DHT22 on one pin, timed by hardware.
//!
//! A bit is 27 or 70 µs of high level. Read in software it is lost whenever the radio's interrupt takes longer than that,
//! about one read in fifty. The RMT peripheral notes every edge by itself, so nothing is lost; what the pulses mean is
//! `device::dht22`.

use device::dht22;
use device::sampler::{Care, Sampler, Step};
use device::{SensorFailure, Uptime};
use domain::reading::Measured;
use embassy_executor::Spawner;
use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer, with_timeout};
use esp_hal::Async;
use esp_hal::gpio::{AnyPin, DriveMode, Flex, InputConfig, Level, Output, OutputConfig, Pull};
use esp_hal::peripherals::RMT;
use esp_hal::rmt::{Channel as RmtChannel, PulseCode, Rmt, Rx, RxChannelConfig, RxChannelCreator};
use esp_hal::time::Rate;

/// The start signal: the manual asks for 0.8 to 20 ms of low level; more is safer than less.
const START: Duration = Duration::from_millis(2);
/// A whole frame takes at most 5.5 ms.
const FRAME: Duration = Duration::from_millis(20);
/// 80 MHz divided by this: one tick is a microsecond.
const DIVIDER: u8 = 80;
/// No level within a frame lasts longer, µs; after that the line is at rest and the capture ends.
const IDLE_US: u16 = 200;
/// One code holds two levels. A frame has 84: the end of the start signal, the response, 40 bits, the last low. The C3's
/// receive memory has 48 codes, so nothing has to be copied in the middle.
const CODES: usize = 48;
/// Without power long enough for its capacitor to drain, then its second of waking up.
const OFF: Duration = Duration::from_secs(2);
const WAKING: Duration = Duration::from_millis(1_200);

/// What was measured, and when.
pub type Sampled = (Uptime, Result<Measured, SensorFailure>);

pub static SAMPLES: Channel<CriticalSectionRawMutex, Sampled, 4> = Channel::new();
/// Somebody wants to know now.
pub static READ_NOW: Signal<CriticalSectionRawMutex, ()> = Signal::new();
/// Seconds between two samples.
pub static INTERVAL: Signal<CriticalSectionRawMutex, u32> = Signal::new();

struct Sensor {
    line: Flex<'static>,
    capture: RmtChannel<'static, Async, Rx>,
    power: Output<'static>,
}

/// Takes the pins: the data line, with a resistor of 4.7 kΩ to 3.3 V, and the sensor's supply (1.5 mA at most, a pin
/// gives 40), so that a sensor that hangs can be switched off.
pub fn start(spawner: Spawner, rmt: RMT<'static>, data: AnyPin<'static>, power: AnyPin<'static>) {
    let power = Output::new(power, Level::High, OutputConfig::default());
    let mut line = Flex::new(data);
    // Open drain: both ends may only pull the line low, the resistor makes it high.
    line.apply_output_config(
        &OutputConfig::default()
            .with_drive_mode(DriveMode::OpenDrain)
            .with_pull(Pull::Up),
    );
    line.apply_input_config(&InputConfig::default().with_pull(Pull::Up));
    line.set_high();
    line.set_output_enable(true);
    line.set_input_enable(true);
    let config = RxChannelConfig::default()
        .with_clk_divider(DIVIDER)
        .with_idle_threshold(IDLE_US);
    let rmt = Rmt::new(rmt, Rate::from_mhz(80))
        .expect("80 MHz is the C3's own")
        .into_async();
    let capture = rmt
        .channel2
        .configure_rx(&config)
        .expect("within limits")
        .with_pin(line.peripheral_input());
    spawner.spawn(sample(Sensor { line, capture, power }).expect("one sensor"));
}

fn now() -> Uptime {
    Uptime::from_millis(Instant::now().as_millis())
}

#[embassy_executor::task]
async fn sample(mut sensor: Sensor) -> ! {
    let mut sampler = Sampler::default();
    let mut interval = Duration::from_secs(60);
    let mut due = Instant::now() + WAKING;
    loop {
        let care = match select(Timer::at(due), select(READ_NOW.wait(), INTERVAL.wait())).await {
            Either::First(()) => {
                // Due times are absolute: a slow sample delays nothing after it.
                due += interval;
                Care::Thorough
            }
            Either::Second(Either::First(())) => Care::Quick,
            Either::Second(Either::Second(seconds)) => {
                interval = Duration::from_secs(u64::from(seconds.max(10)));
                due = Instant::now() + interval;
                continue;
            }
        };
        let taken = now();
        let result = sensor.sample(&mut sampler, care).await;
        SAMPLES.send((taken, result)).await;
        if sampler.wants_power_cycle() {
            sensor.power.set_low();
            Timer::after(OFF).await;
            sensor.power.set_high();
            Timer::after(WAKING).await;
        }
    }
}

impl Sensor {
    async fn sample(&mut self, sampler: &mut Sampler, care: Care) -> Result<Measured, SensorFailure> {
        let mut step = sampler.start(now(), care);
        loop {
            match step {
                Step::Done(result) => return result,
                Step::ReadAt(at) => {
                    Timer::at(Instant::from_millis(at.as_millis())).await;
                    let answer = self.read().await;
                    step = sampler.on_read(now(), answer);
                }
            }
        }
    }

    async fn read(&mut self) -> Result<Measured, SensorFailure> {
        self.line.set_low();
        Timer::after(START).await;
        let mut codes = [PulseCode::default(); CODES];
        // The capture runs before the line is released, so however late the next line is executed, no edge is missed:
        // the first is our own release.
        let capture = self.capture.receive(&mut codes);
        self.line.set_high();
        let count = match with_timeout(FRAME, capture).await {
            Ok(Ok(count)) => count,
            // Silence: the capture never came to an end.
            Err(_) => return Err(SensorFailure::Timeout),
            Ok(Err(_)) => return Err(SensorFailure::Timing),
        };
        let level = |level: Level, us: u16| (level == Level::High, us);
        let levels = codes[..count.min(CODES)].iter().flat_map(|code| {
            [
                level(code.level1(), code.length1()),
                level(code.level2(), code.length2()),
            ]
        });
        dht22::decode(&dht22::pulses(levels))
    }
}
