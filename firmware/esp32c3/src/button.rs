//! The button: held for five seconds it makes the device forget its settings, and it can be set up anew.
//!
//! Readings stay: they belong to the device, not to the network. The pin is the BOOT button of every C3 board (GPIO9, a
//! strapping pin: held while power comes it starts the ROM's downloader instead, so it is only looked at afterwards).

use embassy_executor::Spawner;
use embassy_time::{Duration, with_timeout};
use esp_hal::gpio::{AnyPin, Input, InputConfig, Pull};

use crate::lamp::{self, Show};
use crate::storage::Storage;

const HOLD: Duration = Duration::from_secs(5);
/// Contacts bounce for a few milliseconds.
const BOUNCE: Duration = Duration::from_millis(30);

/// Takes the pin.
pub fn start(spawner: Spawner, pin: AnyPin<'static>, storage: Storage) {
    let button = Input::new(pin, InputConfig::default().with_pull(Pull::Up));
    spawner.spawn(watch(button, storage).expect("one button"));
}

#[embassy_executor::task]
async fn watch(mut button: Input<'static>, storage: Storage) -> ! {
    loop {
        button.wait_for_low().await;
        if with_timeout(BOUNCE, button.wait_for_high()).await.is_ok() {
            continue;
        }
        if with_timeout(HOLD, button.wait_for_high()).await.is_err() {
            lamp::show(Show::Fixed(true));
            storage.forget_settings();
            button.wait_for_high().await;
            esp_hal::system::software_reset();
        }
    }
}
