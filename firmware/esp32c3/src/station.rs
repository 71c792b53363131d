//! In somebody's Wi-Fi: joins it, and joins it again.

use core::sync::atomic::{AtomicI8, Ordering};

use embassy_executor::Spawner;
use embassy_net::{Config, Runner, Stack, StackResources};
use embassy_time::Timer;
use esp_hal::peripherals::WIFI;
use esp_hal::rng::Rng;
use esp_println::println;
use esp_radio::wifi::sta::StationConfig;
use esp_radio::wifi::{
    AuthenticationMethodConfig, Config as Mode, ControllerConfig, Interface, PowerSaveMode, WifiController,
};
use portal::Settings;
use static_cell::StaticCell;

use crate::lamp::{self, Show};

/// DHCP, DNS, MQTT, the time server, and one to spare.
const SOCKETS: usize = 5;
const PAUSE_S: u64 = 5;

static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();
static RSSI: AtomicI8 = AtomicI8::new(0);

/// How loud the access point is, dBm, if there is one.
pub fn rssi() -> Option<i8> {
    Some(RSSI.load(Ordering::Relaxed)).filter(|rssi| *rssi < 0)
}

/// Starts the radio and the network above it.
pub fn start(spawner: Spawner, wifi: WIFI<'static>, settings: &Settings, rng: Rng) -> Stack<'static> {
    let seed = u64::from(rng.random()) << 32 | u64::from(rng.random());
    let mut controller = WifiController::new(wifi, ControllerConfig::default()).expect("the radio starts");
    controller
        .set_config(&Mode::Station(station(settings)))
        .expect("settings were checked when they were entered");
    // Sleeps between beacons: 20 mA instead of 80 on average, and up to 300 ms until a command is heard.
    if controller.set_power_saving(PowerSaveMode::Minimum).is_err() {
        println!("the radio stays awake");
    }
    let (stack, runner) = embassy_net::new(
        Interface::station(),
        Config::dhcpv4(Default::default()),
        RESOURCES.init(StackResources::new()),
        seed,
    );
    spawner.spawn(network(runner).expect("one network"));
    spawner.spawn(join(controller).expect("one radio"));
    stack
}

fn station(settings: &Settings) -> StationConfig {
    let authentication = match settings.wifi_password.as_str() {
        "" => AuthenticationMethodConfig::Open,
        // The driver takes this as the least it accepts: WPA3 access points in mixed mode are joined as well.
        password => AuthenticationMethodConfig::Wpa2Personal(password.try_into().expect("at most 63 bytes")),
    };
    StationConfig::default()
        .with_ssid(settings.ssid.as_str().try_into().expect("at most 32 bytes"))
        .with_authentication(authentication)
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Interface>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn join(mut controller: WifiController<'static>) -> ! {
    loop {
        match controller.connect_async().await {
            Ok(_) => {
                println!("joined the network");
                while controller.is_connected() {
                    let rssi = controller.rssi().ok().and_then(|rssi| i8::try_from(rssi).ok());
                    RSSI.store(rssi.unwrap_or(0), Ordering::Relaxed);
                    Timer::after_secs(PAUSE_S).await;
                }
                println!("lost the network");
            }
            Err(error) => println!("cannot join the network: {error:?}"),
        }
        RSSI.store(0, Ordering::Relaxed);
        lamp::show(Show::Connecting);
        Timer::after_secs(PAUSE_S).await;
    }
}
