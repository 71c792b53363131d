//! How long a page takes when it is asked for at a fixed rate, however slow the server is.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::clock;
use crate::percentile::percentile;

/// Whom to ask, and how often.
#[derive(clap::Args)]
pub struct Args {
    /// `http://host:port` of the server.
    #[arg(long)]
    http: String,
    /// Who signs in.
    #[arg(long)]
    email: String,
    /// Their password.
    #[arg(long)]
    password: String,
    /// The page.
    #[arg(long, default_value = "/")]
    path: String,
    /// Requests a second.
    #[arg(long, default_value_t = 200)]
    rate: u32,
    /// For how long, seconds; the first tenth warms up and is not counted.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
}

/// Percentiles in ms, from when a request was due to the last byte of its answer.
pub async fn run(args: Args) -> Result<Value> {
    let client = Client::builder().cookie_store(true).build()?;
    let session = client.post(format!("{}/api/v1/session", args.http));
    let body = json!({ "email": args.email, "password": args.password });
    session.json(&body).send().await?.error_for_status()?;

    let page = format!("{}{}", args.http, args.path);
    let mut due = tokio::time::interval(Duration::from_secs(1) / args.rate);
    let mut asked = JoinSet::new();
    for _ in 0..args.rate * args.seconds {
        let due = due.tick().await.into_std();
        let request = client.get(&page).header("accept", "text/html");
        asked.spawn(async move {
            let answer = request.send().await?.error_for_status()?;
            let bytes = answer.bytes().await?.len();
            anyhow::Ok((clock::instant() - due, bytes))
        });
    }
    let mut times = Vec::new();
    while let Some(answer) = asked.join_next().await {
        let (time, bytes) = answer.context("a request panicked")??;
        ensure!(bytes > 0, "the page was empty");
        times.push(time.as_secs_f64() * 1_000.0);
    }
    let mut counted = times.split_off(times.len() / 10);
    counted.sort_by(f64::total_cmp);
    Ok(json!({
        "requests": counted.len(),
        "p50_ms": percentile(&counted, 0.5),
        "p99_ms": percentile(&counted, 0.99),
    }))
}
