//! Asks a time server once a day, and every minute as long as there was no answer.

use device::Uptime;
use device::sntp::{PACKET, PORT, Query};
use domain::time::Timestamp;
use embassy_executor::Spawner;
use embassy_net::dns::DnsQueryType;
use embassy_net::udp::{PacketMetadata, UdpSocket};
use embassy_net::{IpEndpoint, Stack};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Instant, Timer, with_timeout};
use esp_hal::rng::Rng;

const SERVER: &str = "pool.ntp.org";
const DAY_S: u64 = 86_400;
const AGAIN_S: u64 = 60;
const PATIENCE: Duration = Duration::from_secs(5);

/// A time server said what time it was at some uptime.
pub static TOLD: Signal<CriticalSectionRawMutex, (Uptime, Timestamp)> = Signal::new();

pub fn start(spawner: Spawner, stack: Stack<'static>, rng: Rng) {
    spawner.spawn(ask(stack, rng).expect("one clock"));
}

#[embassy_executor::task]
async fn ask(stack: Stack<'static>, rng: Rng) -> ! {
    loop {
        stack.wait_config_up().await;
        let pause_s = match with_timeout(PATIENCE * 2, ask_once(stack, rng)).await {
            Ok(Some(told)) => {
                TOLD.signal(told);
                DAY_S
            }
            _ => AGAIN_S,
        };
        Timer::after_secs(pause_s).await;
    }
}

async fn ask_once(stack: Stack<'static>, rng: Rng) -> Option<(Uptime, Timestamp)> {
    let addresses = stack.dns_query(SERVER, DnsQueryType::A).await.ok()?;
    let server = IpEndpoint::new(*addresses.first()?, PORT);
    let (mut rx_meta, mut tx_meta) = ([PacketMetadata::EMPTY; 2], [PacketMetadata::EMPTY; 2]);
    let (mut rx, mut tx) = ([0; PACKET * 2], [0; PACKET * 2]);
    let mut socket = UdpSocket::new(stack, &mut rx_meta, &mut rx, &mut tx_meta, &mut tx);
    socket.bind(0).ok()?;
    let nonce = u64::from(rng.random()) << 32 | u64::from(rng.random());
    let (query, question) = Query::new(uptime(), nonce);
    socket.send_to(&question, server).await.ok()?;
    let mut packet = [0; PACKET * 2];
    let (length, _) = with_timeout(PATIENCE, socket.recv_from(&mut packet)).await.ok()?.ok()?;
    let now = uptime();
    Some((now, query.answer(now, &packet[..length])?))
}

fn uptime() -> Uptime {
    Uptime::from_millis(Instant::now().as_millis())
}
