//! Everybody is dropped at once, because the server is killed: devices and open pages come back by themselves, and soon.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::json;
use server::clock::Clock;
use tokio::task::JoinSet;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::rounds::{report, setting};
use super::world::make_products;
use crate::doors::site::Sold;
use crate::harness::process::{PATIENCE, TemplogProcess, wait_for};

/// How many come back, unless another number is asked for.
const CROWD: usize = 200;
/// People who share the pages: one alone may not hold all sockets there are.
const PEOPLE: usize = 4;
/// The longest waits before the first attempts, doubled each time, and the longest of all.
const FIRST_WAIT_MS: u64 = 1_000;
const LONGEST_WAIT_MS: u64 = 8_000;

/// Who of a crowd has been heard, or has heard, since the last reset.
struct Seen(Vec<AtomicBool>);

impl Seen {
    fn new(crowd: usize) -> Arc<Self> {
        Arc::new(Self((0..crowd).map(|_| AtomicBool::new(false)).collect()))
    }

    fn set(&self, index: usize) {
        self.0[index].store(true, Ordering::Relaxed);
    }

    fn reset(&self) {
        self.0.iter().for_each(|seen| seen.store(false, Ordering::Relaxed));
    }

    fn count(&self) -> usize {
        self.0.iter().filter(|seen| seen.load(Ordering::Relaxed)).count()
    }

    fn wait_for_all(&self) {
        let all = wait_for(PATIENCE, || (self.count() == self.0.len()).then_some(()));
        assert!(all.is_some(), "{} of {} are there", self.count(), self.0.len());
    }
}

/// Waits as clients do: longer each time, and never all at once.
async fn back_off(failures: u32) {
    let longest = (FIRST_WAIT_MS << failures.min(3)).min(LONGEST_WAIT_MS);
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..=longest))).await;
}

/// A device that reports once on each connection.
async fn live(broker: SocketAddr, device: Sold, seen: Arc<Seen>, index: usize) {
    let mut failures = 0;
    loop {
        failures = if stand(broker, &device, &seen, index).await {
            0
        } else {
            failures + 1
        };
        back_off(failures).await;
    }
}

/// One connection; whether its report was taken.
async fn stand(broker: SocketAddr, device: &Sold, seen: &Seen, index: usize) -> bool {
    let mut options = MqttOptions::new(device.serial.as_str(), broker.ip().to_string(), broker.port());
    options.set_credentials(device.serial.as_str(), &device.password);
    let (client, mut connection) = AsyncClient::new(options, 4);
    let sent = client.publish(
        device.topic("telemetry"),
        QoS::AtLeastOnce,
        false,
        json!({"t": 21.5}).to_string(),
    );
    if sent.await.is_err() {
        return false;
    }
    let mut reported = false;
    while let Ok(event) = connection.poll().await {
        if matches!(event, Event::Incoming(Packet::PubAck(_))) {
            reported = true;
            seen.set(index);
        }
    }
    reported
}

/// A page that is open as long as it can be.
async fn look(server: SocketAddr, token: String, seen: Arc<Seen>, index: usize) {
    let mut failures = 0;
    loop {
        failures = if open(server, &token, &seen, index).await {
            0
        } else {
            failures + 1
        };
        back_off(failures).await;
    }
}

/// One socket; whether it said anything.
async fn open(server: SocketAddr, token: &str, seen: &Seen, index: usize) -> bool {
    let mut request = format!("ws://{server}/ws/live")
        .into_client_request()
        .expect("a socket address");
    let headers = request.headers_mut();
    headers.insert(
        "authorization",
        format!("Bearer {token}").parse().expect("visible ASCII"),
    );
    // Each from an address of its own, as the proxy in front would say.
    let from = format!("10.{}.{}.{}", index >> 16, (index >> 8) & 0xff, index & 0xff);
    headers.insert("x-forwarded-for", from.parse().expect("visible ASCII"));
    let Ok((mut socket, _)) = connect_async(request).await else {
        return false;
    };
    let mut heard = false;
    while let Some(Ok(message)) = socket.next().await {
        if matches!(message, Message::Text(_)) {
            heard = true;
            seen.set(index);
        }
    }
    heard
}

/// Kills the server, and tells how long everybody needs once it is there again.
fn kill_and_wait(server: &mut TemplogProcess, seen: &Seen, who: &str) {
    let clock = Clock::system();
    seen.wait_for_all();
    server.kill9();
    seen.reset();
    server.restart();
    let began = clock.now();
    seen.wait_for_all();
    let back_ms = clock.now().since(began);
    report(&json!({ "who": who, "crowd": seen.0.len(), "back_ms": back_ms }));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_that_are_dropped_at_once_are_back_and_reporting_soon() {
    let crowd = setting("TEMPLOG_CRASH_ROUNDS").unwrap_or(CROWD);
    let mut server = TemplogProcess::start(&[]);
    let seen = Seen::new(crowd);
    let mut devices = JoinSet::new();
    for (index, device) in make_products(&server, crowd).into_iter().enumerate() {
        devices.spawn(live(server.mqtt, device, Arc::clone(&seen), index));
    }
    kill_and_wait(&mut server, &seen, "devices");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_dropped_at_once_are_back_and_told_everything_soon() {
    let crowd = setting("TEMPLOG_CRASH_ROUNDS").unwrap_or(CROWD);
    let mut server = TemplogProcess::start(&[("TEMPLOG_TRUSTED_PROXIES", "127.0.0.1")]);
    let mut tokens = Vec::new();
    for number in 0..PEOPLE {
        let email = format!("person-{number}@home.example");
        server.command_with(&["user", "create", &email], "correct horse battery\n");
        server.command(&["product", "create", "--count", "1", "--owner", &email]);
        tokens.push(
            server
                .command(&["token", "create", &email, "--name", "page"])
                .trim()
                .to_owned(),
        );
    }
    let seen = Seen::new(crowd);
    let mut pages = JoinSet::new();
    for index in 0..crowd {
        pages.spawn(look(
            server.http,
            tokens[index % PEOPLE].clone(),
            Arc::clone(&seen),
            index,
        ));
    }
    kill_and_wait(&mut server, &seen, "pages");
}
