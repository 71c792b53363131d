//! First start: an access point of its own, and the page of `firmware/portal` on it.
//!
//! The network is open: whoever sets the device up stands beside it, and a password would have to be on the sticker too.
//! What is typed crosses the air once, within arm's reach; the page says nothing that was stored before.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use embassy_executor::Spawner;
use embassy_futures::select::{Either, select};
use embassy_net::tcp::TcpSocket;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{Config, Ipv4Address, Ipv4Cidr, Runner, Stack, StackResources, StaticConfigV4};
use embassy_time::{Duration, Timer};
use esp_hal::peripherals::WIFI;
use esp_hal::rng::Rng;
use esp_println::println;
use esp_radio::wifi::ap::AccessPointConfig;
use esp_radio::wifi::scan::ScanConfig;
use esp_radio::wifi::sta::StationConfig;
use esp_radio::wifi::{AuthenticationMethod, Config as Mode, ControllerConfig, Interface, WifiController};
use portal::{ADDRESS, MAX_REQUEST_BYTES, Network, Portal, Request, Settings, dns};
use static_cell::StaticCell;

use crate::dhcp;
use crate::lamp::{self, Show};
use crate::storage::Storage;

const HTTP_PORT: u16 = 80;
const SOCKETS: usize = 5;
/// Networks heard are offered up to this number.
const NETWORKS: usize = 20;
/// A phone that says nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(8);
/// The answer must have left before the radio goes.
const FAREWELL: Duration = Duration::from_secs(3);

static RESOURCES: StaticCell<StackResources<SOCKETS>> = StaticCell::new();

/// Waits to be set up; ends with a restart.
pub async fn run(spawner: Spawner, wifi: WIFI<'static>, storage: Storage, rng: Rng) -> ! {
    lamp::show(Show::Setup);
    let mut controller = WifiController::new(wifi, ControllerConfig::default()).expect("the radio starts");
    let interface = Interface::access_point();
    let [.., a, b] = interface.mac_address();
    // The last bytes of its address tell two new devices apart.
    let ssid = format!("TempLog-{a:02X}{b:02X}");
    println!("set me up: join {ssid}");
    let point = AccessPointConfig::default().with_ssid(ssid.try_into().expect("short enough"));
    // Both at once: only a station can listen for networks.
    controller
        .set_config(&Mode::AccessPointStation(StationConfig::default(), point))
        .expect("a valid access point");
    let networks = heard(&mut controller).await;
    let stack = network(spawner, interface, u64::from(rng.random()));
    spawner.spawn(dhcp::serve(stack).expect("one of it"));
    let portal = Portal::new("192.168.4.1", networks, None);
    let settings = match select(serve(stack, &portal), names(stack)).await {
        Either::First(settings) | Either::Second(settings) => settings,
    };
    if !storage.keep_settings(&settings) {
        println!("the settings could not be stored");
    }
    Timer::after(FAREWELL).await;
    esp_hal::system::software_reset()
}

async fn heard(controller: &mut WifiController<'static>) -> Vec<Network> {
    let found = controller.scan_async(&ScanConfig::default().with_max(NETWORKS)).await;
    let network = |point: esp_radio::wifi::ap::AccessPointInfo| Network {
        ssid: String::from(point.ssid.as_str()),
        rssi: point.signal_strength,
        locked: point.auth_method != Some(AuthenticationMethod::None),
    };
    found.unwrap_or_default().into_iter().map(network).collect()
}

fn network(spawner: Spawner, interface: Interface, seed: u64) -> Stack<'static> {
    let address = Ipv4Address::from(ADDRESS);
    let config = Config::ipv4_static(StaticConfigV4 {
        address: Ipv4Cidr::new(address, 24),
        gateway: Some(address),
        dns_servers: Default::default(),
    });
    let (stack, runner) = embassy_net::new(interface, config, RESOURCES.init(StackResources::new()), seed);
    spawner.spawn(run_network(runner).expect("one network"));
    stack
}

#[embassy_executor::task]
async fn run_network(mut runner: Runner<'static, Interface>) -> ! {
    runner.run().await
}

/// Answers every question for a name with this device's own address.
async fn names(stack: Stack<'static>) -> Settings {
    let (mut rx_meta, mut tx_meta) = ([PacketMetadata::EMPTY; 4], [PacketMetadata::EMPTY; 4]);
    let (mut rx, mut tx) = ([0; 1024], [0; 1024]);
    let mut socket = UdpSocket::new(stack, &mut rx_meta, &mut rx, &mut tx_meta, &mut tx);
    socket.bind(dns::PORT).expect("nobody else has the port");
    let mut question = [0; 512];
    loop {
        if let Ok((length, from)) = socket.recv_from(&mut question).await
            && let Some(answer) = dns::answer(&question[..length], ADDRESS)
            && socket.send_to(&answer, from).await.is_err()
        {
            println!("a name was not answered");
        }
    }
}

/// Serves the page, one phone after the other, until there are settings.
async fn serve(stack: Stack<'static>, portal: &Portal) -> Settings {
    let (mut rx, mut tx) = ([0; 2048], [0; 2048]);
    loop {
        let mut socket = TcpSocket::new(stack, &mut rx, &mut tx);
        socket.set_timeout(Some(PATIENCE));
        if socket.accept(HTTP_PORT).await.is_err() {
            continue;
        }
        let settings = match request(&mut socket).await {
            Some(request) => {
                let answer = portal.answer(&request);
                send(&mut socket, &answer.bytes).await;
                answer.settings
            }
            None => None,
        };
        socket.close();
        // The last bytes leave before the socket does.
        let _ = socket.flush().await;
        socket.abort();
        if let Some(settings) = settings {
            return settings;
        }
    }
}

async fn request(socket: &mut TcpSocket<'_>) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut part = [0; 512];
    loop {
        let length = socket.read(&mut part).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&part[..length]);
        match Request::read(&bytes) {
            Ok(Some(request)) => return Some(request),
            Ok(None) if bytes.len() < MAX_REQUEST_BYTES => {}
            _ => return None,
        }
    }
}

async fn send(socket: &mut TcpSocket<'_>, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match socket.write(bytes).await {
            Ok(length) => bytes = &bytes[length..],
            Err(_) => return,
        }
    }
}
