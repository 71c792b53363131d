//! One crossing at a time in every home: how long its person waits.

use std::time::Duration;

use anyhow::Result;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::{Args, Home, Mailbox};
use crate::percentile::percentile;

/// Between two crossings of a home, so that they do not meet; homes begin apart from each other.
const PAUSE: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(30);
/// Well below and above the limit, and no further apart than air can be.
const COOL: f64 = 22.0;
const WARM: f64 = 27.0;

/// Percentiles in ms over all homes. Every crossing and every return sends a mail, and both count.
pub async fn measure(args: &Args, homes: &[Home], mailbox: &Mailbox) -> Result<Value> {
    let crossing = homes.iter().enumerate().map(|(number, home)| async move {
        tokio::time::sleep(PAUSE * u32::try_from(number)? / u32::try_from(homes.len())?).await;
        cross(home, mailbox, args.crossings).await
    });
    let mut times: Vec<f64> = try_join_all(crossing).await?.concat();
    times.sort_unstable_by(f64::total_cmp);
    Ok(json!({
        "mails": times.len(),
        "p50_ms": percentile(&times, 0.5),
        "p99_ms": percentile(&times, 0.99),
    }))
}

async fn cross(home: &Home, mailbox: &Mailbox, crossings: u32) -> Result<Vec<f64>> {
    let device = &home.devices[0];
    let (first, _) = device.measure(COOL).await?;
    device.stored(first).await?;
    let mut times = Vec::new();
    for t in [WARM, COOL].into_iter().cycle().take(crossings as usize) {
        let before = mailbox.count();
        let (_, began) = device.measure(t).await?;
        let arrived = mailbox.next_to(&home.email, before, PATIENCE).await?;
        times.push(arrived.duration_since(began).as_secs_f64() * 1_000.0);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(times)
}
