//! The lamp: one look tells how it is.

use embassy_executor::Spawner;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Timer, with_timeout};
use esp_hal::gpio::{AnyPin, Level, Output, OutputConfig};

/// What the lamp shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Waits to be set up: slow breathing blinks, one second on, one off.
    Setup,
    /// Looks for the network or the broker: two short blinks a second.
    Connecting,
    /// All is well: a spark every ten seconds, so that a bedroom stays dark.
    Well,
    /// The password is wrong or the sensor fails: three quick blinks, pause.
    Trouble,
    /// "Here I am", for ten seconds, then what was before.
    Identify,
    /// Switched on or off by its owner.
    Fixed(bool),
}

static SHOW: Signal<CriticalSectionRawMutex, Show> = Signal::new();

/// Shows something else from now on.
pub fn show(what: Show) {
    SHOW.signal(what);
}

/// Takes the pin. The boards' LED hangs between 3.3 V and the pin: low is light.
pub fn start(spawner: Spawner, pin: AnyPin<'static>) {
    let lamp = Output::new(pin, Level::High, OutputConfig::default());
    spawner.spawn(blink(lamp).expect("one lamp"));
}

/// Times on and off, milliseconds, repeated.
const fn pattern(show: Show) -> &'static [u64] {
    match show {
        Show::Setup => &[1000, 1000],
        Show::Connecting => &[100, 150, 100, 650],
        Show::Well => &[20, 9_980],
        Show::Trouble => &[100, 100, 100, 100, 100, 1_000],
        Show::Identify => &[80, 80],
        Show::Fixed(_) => &[],
    }
}

#[embassy_executor::task]
async fn blink(mut lamp: Output<'static>) -> ! {
    let mut shown = Show::Connecting;
    loop {
        let next = match shown {
            Show::Fixed(on) => {
                lamp.set_level(if on { Level::Low } else { Level::High });
                SHOW.wait().await
            }
            Show::Identify => with_timeout(Duration::from_secs(10), play(&mut lamp, shown))
                .await
                .unwrap_or(Show::Well),
            other => play(&mut lamp, other).await,
        };
        shown = next;
    }
}

/// Plays a pattern until something else is to be shown.
async fn play(lamp: &mut Output<'static>, show: Show) -> Show {
    loop {
        for (i, ms) in pattern(show).iter().enumerate() {
            lamp.set_level(if i % 2 == 0 { Level::Low } else { Level::High });
            if let Ok(next) = with_timeout(Duration::from_millis(*ms), SHOW.wait()).await {
                lamp.set_high();
                return next;
            }
        }
        Timer::after_ticks(0).await;
    }
}
