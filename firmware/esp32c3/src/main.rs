//! The board around the device: what `firmware/device` decides, these files do with an ESP32-C3.
//!
//! Nothing here decides anything that could be decided on a desk. `life` drives the device, `link` is its MQTT
//! connection, `sensor` reads the DHT22, `station` and `setup` are the two ways to use the radio, `storage` is the flash.
#![no_std]
#![no_main]

extern crate alloc;

mod budget;
mod button;
mod clock;
mod dhcp;
mod lamp;
mod life;
mod link;
mod sensor;
mod setup;
mod station;
mod storage;

use embassy_executor::Spawner;
use esp_backtrace as _;
use esp_hal::clock::CpuClock;
use esp_hal::rng::Rng;
use esp_hal::timer::timg::TimerGroup;
use esp_println::println;

// Tells the bootloader what this image is; without it espflash refuses to write it.
esp_bootloader_esp_idf::esp_app_desc!();

#[esp_rtos::main]
async fn main(spawner: Spawner) -> ! {
    // The radio needs 80 MHz; 160 doubles the speed at which a back-fill is written and costs 5 mA.
    let board = esp_hal::init(esp_hal::Config::default().with_cpu_clock(CpuClock::_160MHz));
    esp_alloc::heap_allocator!(#[esp_hal::ram(reclaimed)] size: budget::RECLAIMED);
    esp_alloc::heap_allocator!(size: budget::HEAP);
    let timers = TimerGroup::new(board.TIMG0);
    esp_rtos::start(timers.timer0, board.FROM_CPU_INTR0);
    println!("TempLog {} starts", env!("CARGO_PKG_VERSION"));

    let storage = storage::open(board.FLASH);
    let rng = Rng::new();
    lamp::start(spawner, board.GPIO8.into());
    button::start(spawner, board.GPIO9.into(), storage);
    match storage.settings() {
        None => setup::run(spawner, board.WIFI, storage, rng).await,
        Some(settings) => {
            sensor::start(spawner, board.RMT, board.GPIO4.into(), board.GPIO5.into());
            let stack = station::start(spawner, board.WIFI, &settings, rng);
            clock::start(spawner, stack, rng);
            life::run(stack, &settings, storage, rng).await
        }
    }
}
