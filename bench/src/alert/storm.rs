//! Every device crosses its limit within one second: what the intake feels of it, and how soon everybody knows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::device::Device;
use super::{Args, Home, Mailbox};
use crate::clock;
use crate::percentile::percentile;

const SECOND: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_mins(1);

/// Percentiles of publish → stored without and with alerts, and the mails.
pub async fn measure(_: &Args, homes: &[Home], mailbox: &Mailbox) -> Result<Value> {
    let devices: Vec<&Device> = homes.iter().flat_map(|home| &home.devices).collect();
    // The first readings make every device known; they are not what is measured.
    all_within_a_second(&devices, 22.0).await?;
    let calm = all_within_a_second(&devices, 22.5).await?;
    let before = mailbox.count();
    let storm = all_within_a_second(&devices, 27.0).await?;
    let taken = mailbox
        .wait(PATIENCE, |taken| {
            homes
                .iter()
                .all(|home| taken.iter().skip(before).any(|mail| mail.to == home.email))
        })
        .await?;
    let last = taken.iter().map(|mail| mail.at).max().context("somebody was told")?;
    // Whoever were told twice, would be told so by now: letters wait a second for each other.
    tokio::time::sleep(SECOND * 3).await;
    let taken = mailbox.wait(PATIENCE, |_| true).await?;
    let mut mails: BTreeMap<&str, usize> = BTreeMap::new();
    for mail in taken.iter().skip(before) {
        *mails.entry(&mail.to).or_default() += 1;
    }
    let mut told = 0;
    for home in homes {
        told += home.told().await?;
    }
    ensure!(
        told == devices.len(),
        "{} devices were told of nobody",
        devices.len() - told
    );
    Ok(json!({
        "devices": devices.len(),
        "people": homes.len(),
        "calm_p50_ms": percentile(&calm.times_ms, 0.5),
        "calm_p99_ms": percentile(&calm.times_ms, 0.99),
        "storm_p50_ms": percentile(&storm.times_ms, 0.5),
        "storm_p99_ms": percentile(&storm.times_ms, 0.99),
        "told": told,
        "mails": taken.len() - before,
        "most_mails_to_one": mails.values().max(),
        "drained_s": last.saturating_duration_since(storm.ended).as_secs_f64(),
    }))
}

/// Publish → stored of each device, sorted, and when the last was published.
struct Second {
    times_ms: Vec<f64>,
    ended: Instant,
}

/// Every device measures once, spread over a second.
async fn all_within_a_second(devices: &[&Device], t: f64) -> Result<Second> {
    let (start, count) = (clock::instant(), u32::try_from(devices.len())?);
    let measured = devices.iter().zip(0_u32..).map(|(device, number)| async move {
        let due = start + SECOND * number / count;
        tokio::time::sleep_until(due.into()).await;
        let (seq, _) = device.measure(t).await?;
        // From when it was due, so that a slow server cannot hide behind a generator that waits for it.
        let stored = device.stored(seq).await?;
        anyhow::Ok(stored.duration_since(due).as_secs_f64() * 1_000.0)
    });
    let mut times_ms = try_join_all(measured).await?;
    times_ms.sort_unstable_by(f64::total_cmp);
    Ok(Second {
        times_ms,
        ended: start + SECOND,
    })
}
