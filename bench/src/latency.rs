//! Publish → websocket: the time from a device's PUBLISH until an open page could show it.
//!
//! Open loop: a reading's time counts from the moment it was due, so that a slow server cannot hide behind a
//! generator that waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use futures_util::StreamExt as _;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::{AsyncClient, MqttOptions};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;

use crate::{clock, percentile::percentile};

/// Whom to publish to and where to listen.
#[derive(clap::Args)]
pub struct Args {
    /// Host of the broker.
    #[arg(long, default_value = "127.0.0.1")]
    mqtt_host: String,
    /// Port of the broker.
    #[arg(long)]
    mqtt_port: u16,
    /// `http://host:port` of the server.
    #[arg(long)]
    http: String,
    /// Who owns the devices.
    #[arg(long)]
    email: String,
    /// Their password.
    #[arg(long)]
    password: String,
    /// JSON as printed by `templog product create`.
    #[arg(long)]
    credentials: std::path::PathBuf,
    /// Readings per second over all devices.
    #[arg(long, default_value_t = 2_000)]
    rate: u32,
    /// Seconds to measure.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

#[derive(Deserialize)]
struct Product {
    serial: String,
    mqtt: Credential,
}

#[derive(Deserialize)]
struct Credential {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Arrival {
    serial: String,
    /// Absent on a device that has never reported.
    at: Option<i64>,
}

/// What the publisher and the listener share.
#[derive(Default)]
struct Flight {
    /// Readings on their way: (serial, `at`) and the moment each was due.
    due: HashMap<(String, i64), Instant>,
    /// Milliseconds from due to arrived.
    times_ms: Vec<f64>,
}

/// Percentiles in milliseconds. `overtaken` readings never arrived by themselves: the socket sends each device's
/// latest, so a reading may be replaced by a newer one before it is written.
pub async fn run(args: Args) -> Result<Value> {
    let products: Vec<Product> = serde_json::from_slice(&std::fs::read(&args.credentials)?)?;
    if products.is_empty() {
        bail!("{} names no device", args.credentials.display());
    }
    let flight = Arc::new(Mutex::new(Flight::default()));
    let listener = tokio::spawn(listen(open_socket(&args).await?, flight.clone()));
    let sent = publish(&args, &products, &flight).await?;
    // The last readings may still be on their way; one second is 40 times the latency aimed at.
    tokio::time::sleep(Duration::from_secs(1)).await;
    listener.abort();
    let mut flight = flight.lock().expect("no holder panics");
    flight.times_ms.sort_unstable_by(f64::total_cmp);
    let times = &flight.times_ms;
    Ok(json!({
        "sent": sent,
        "arrived": times.len(),
        "overtaken": sent - times.len(),
        "p50_ms": percentile(times, 0.5),
        "p99_ms": percentile(times, 0.99),
        "p999_ms": percentile(times, 0.999),
    }))
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn open_socket(args: &Args) -> Result<Socket> {
    let client = reqwest::Client::new();
    let answer = client
        .post(format!("{}/api/v1/session", args.http))
        .header("origin", &args.http)
        .json(&json!({ "email": args.email, "password": args.password }))
        .send()
        .await?
        .error_for_status()?;
    let cookies: Vec<&str> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
        .collect();
    let address = args.http.replacen("http", "ws", 1) + "/ws/live";
    let mut request = address.into_client_request()?;
    request
        .headers_mut()
        .insert("cookie", HeaderValue::from_str(&cookies.join("; "))?);
    request
        .headers_mut()
        .insert("origin", HeaderValue::from_str(&args.http)?);
    let (socket, _) = tokio_tungstenite::connect_async(request)
        .await
        .context("the websocket refused us")?;
    Ok(socket)
}

async fn listen(mut socket: Socket, flight: Arc<Mutex<Flight>>) {
    while let Some(Ok(message)) = socket.next().await {
        let arrived = clock::instant();
        let Ok(text) = message.to_text() else { continue };
        let Ok(Arrival { serial, at: Some(at) }) = serde_json::from_str(text) else {
            continue;
        };
        let mut flight = flight.lock().expect("no holder panics");
        if let Some(due) = flight.due.remove(&(serial, at)) {
            flight
                .times_ms
                .push(arrived.duration_since(due).as_secs_f64() * 1_000.0);
        }
    }
}

/// Publishes open loop, one connection per device, round robin; returns how many were sent.
async fn publish(args: &Args, products: &[Product], flight: &Arc<Mutex<Flight>>) -> Result<usize> {
    let clients: Vec<AsyncClient> = products.iter().map(|product| connect(args, product)).collect();
    let total = (args.rate * args.seconds) as usize;
    let gap = Duration::from_secs_f64(1.0 / f64::from(args.rate));
    let (start, first_at) = (clock::instant(), clock::unix_ms());
    for number in 0..total {
        let due = start + gap * u32::try_from(number)?;
        tokio::time::sleep_until(due.into()).await;
        let device = number % products.len();
        let serial = &products[device].serial;
        // Unique per device, and close to the truth: the due time, one millisecond apart at the least.
        let at = first_at + i64::try_from(number / products.len())?.max(i64::try_from((due - start).as_millis())?);
        flight
            .lock()
            .expect("no holder panics")
            .due
            .insert((serial.clone(), at), due);
        let payload = format!(r#"{{"boot":1,"seq":{number},"at":{at},"t":21.5,"h":48.0}}"#);
        clients[device]
            .publish(
                format!("templog/v1/{serial}/telemetry"),
                QoS::AtLeastOnce,
                false,
                payload,
            )
            .await?;
    }
    Ok(total)
}

fn connect(args: &Args, product: &Product) -> AsyncClient {
    let mut options = MqttOptions::new(&product.serial, &args.mqtt_host, args.mqtt_port);
    options.set_credentials(&product.mqtt.username, &product.mqtt.password);
    options.set_outgoing_inflight_upper_limit(1_000);
    let (client, mut events) = AsyncClient::new(options, 1_000);
    tokio::spawn(async move { while events.poll().await.is_ok() {} });
    client
}
