//! How long the past takes to answer: one client, one request after another, against a server that has years of it.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use futures_util::future::join_all;
use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock;

/// Whom to ask, and how often.
#[derive(clap::Args)]
pub struct Args {
    /// `http://host:port` of the server.
    #[arg(long)]
    http: String,
    /// Who owns the devices.
    #[arg(long)]
    email: String,
    /// Their password.
    #[arg(long)]
    password: String,
    /// What to ask: `year` (a device-year of days), `rooms` (all rooms side by side, a month), `home` (the home page), or
    /// `export` (the year of slots as CSV, several at once).
    #[arg(long)]
    what: What,
    /// Requests; the first tenth warms up and is not counted.
    #[arg(long, default_value_t = 500)]
    requests: usize,
    /// How many exports run at once.
    #[arg(long, default_value_t = 20)]
    at_once: usize,
}

/// What is asked.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum What {
    /// A device-year of daily averages.
    Year,
    /// All rooms side by side over a month.
    Rooms,
    /// The home page.
    Home,
    /// A year of slots as CSV.
    Export,
}

#[derive(Deserialize)]
struct Device {
    serial: String,
}

/// Percentiles of the answer times in ms, or of exports how much they gave.
pub async fn run(args: Args) -> Result<Value> {
    let client = Client::builder()
        .cookie_store(true)
        .timeout(Duration::from_mins(5))
        .build()?;
    let asked = format!("{}/api/v1/session", args.http);
    let body = json!({ "email": args.email, "password": args.password });
    let answer = client.post(asked).json(&body).send().await?;
    ensure!(
        answer.status() == 204,
        "signing in was answered with {}",
        answer.status()
    );
    let devices: Vec<Device> = client
        .get(format!("{}/api/v1/devices", args.http))
        .send()
        .await?
        .json()
        .await?;
    ensure!(!devices.is_empty(), "{} has no devices", args.email);
    match args.what {
        What::Export => export(&client, &args, &devices).await,
        _ => times(&client, &args, &devices).await,
    }
}

async fn times(client: &Client, args: &Args, devices: &[Device]) -> Result<Value> {
    let mut times = Vec::with_capacity(args.requests);
    for request in 0..args.requests {
        let path = match args.what {
            What::Year => history(&devices[request % devices.len().min(100)], "day", "json"),
            What::Rooms => "/compare?days=30&metric=t".to_owned(),
            What::Home | What::Export => "/".to_owned(),
        };
        let (time, body) = answered(client, &format!("{}{path}", args.http)).await?;
        ensure!(!body.is_empty(), "{path} was answered with nothing");
        times.push(time.as_secs_f64() * 1_000.0);
    }
    let mut counted = times.split_off(args.requests / 10);
    counted.sort_by(f64::total_cmp);
    let at = |part: usize| {
        counted
            .get((counted.len() * part / 1_000).min(counted.len() - 1))
            .copied()
    };
    Ok(json!({ "requests": counted.len(), "p50_ms": at(500), "p99_ms": at(990) }))
}

/// The answer and its time. Whoever asks too much is told to wait, and does; that is no time of the answer's.
async fn answered(client: &Client, address: &str) -> Result<(Duration, Vec<u8>)> {
    loop {
        let started = clock::instant();
        let request = client.get(address).header("accept", "text/html, application/json");
        let answer = request.send().await?;
        if answer.status() == 429 {
            let wait = answer.headers().get("retry-after");
            let wait = wait.and_then(|wait| wait.to_str().ok()?.parse().ok());
            tokio::time::sleep(Duration::from_secs(wait.unwrap_or(1))).await;
            continue;
        }
        let body = answer.error_for_status()?.bytes().await?;
        return Ok((started.elapsed(), body.to_vec()));
    }
}

async fn export(client: &Client, args: &Args, devices: &[Device]) -> Result<Value> {
    let started = clock::instant();
    let one = |device: &Device| {
        let request = client.get(format!("{}{}", args.http, history(device, "2h", "csv")));
        async move { anyhow::Ok(request.send().await?.error_for_status()?.bytes().await?.len()) }
    };
    let sizes = join_all(devices.iter().cycle().take(args.at_once).map(one)).await;
    let bytes = sizes
        .into_iter()
        .sum::<Result<usize>>()
        .context("an export broke off")?;
    Ok(json!({ "exports": args.at_once, "bytes": bytes, "seconds": started.elapsed().as_secs_f64() }))
}

/// Everything that there is of the last years, whatever today is.
fn history(device: &Device, step: &str, format: &str) -> String {
    let serial = &device.serial;
    format!("/api/v1/devices/{serial}/history?from=2000-01-01&to=2100-01-01&step={step}&format={format}")
}
