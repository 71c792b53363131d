//! A whole run: sign everybody in, start them together, add up what they bring home.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::connection::{Connection, Setup, Start};
use super::journal::Journal;
use super::plan::Plan;
use super::report::{Report, Tally, quantiles};
use crate::account;
use crate::cli::Load;
use crate::clock::Clock;

/// Everybody is signed in by then.
const SIGN_IN_WITHIN: Duration = Duration::from_mins(1);
/// From the last sign-in to the first reading, µs.
const HEAD_START_US: u64 = 50_000;

/// Publishes as told and reports. Ends early, with what there is, when told to stop.
pub async fn run(args: &Load, stop: CancellationToken) -> Result<Report> {
    let accounts = account::read(&args.credentials, args.connections, args.broker.as_ref())?;
    let (journal, written) = Journal::open(args.log.as_deref())?;
    let connections = accounts.len();
    let setup = setup(args, connections, journal)?;
    let (clock, plan) = (setup.clock, setup.plan);

    let (ready, mut is_ready) = mpsc::channel(connections);
    let (start, started) = watch::channel(None);
    let mut flying = JoinSet::new();
    for (index, account) in (0..).zip(accounts) {
        let connection = Connection::new(setup.clone(), account, index);
        flying.spawn(connection.run(ready.clone(), started.clone(), stop.clone()));
    }
    drop((ready, setup));

    for _ in 0..connections {
        let signed_in = tokio::time::timeout(SIGN_IN_WITHIN, is_ready.recv()).await;
        if signed_in.context("not everybody could sign in")?.is_none() {
            // Somebody failed; joining tells why.
            break;
        }
    }
    start.send_replace(Some(Start {
        micros: clock.micros() + HEAD_START_US,
        wall: clock.wall(),
    }));
    let mut tally = Tally::default();
    while let Some(home) = flying.join_next().await {
        tally.add(home.context("a connection died")??);
    }
    written.await?.context("cannot write the log file")?;
    Ok(report(args, &plan, connections, tally))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positive numbers of seconds"
)]
fn setup(args: &Load, connections: usize, journal: Journal) -> Result<Setup> {
    let clock = Clock::start();
    Ok(Setup {
        plan: Plan {
            connections: connections as u64,
            rate: args.rate,
            seconds: args.seconds,
        },
        protocol: args.protocol,
        window: args.window,
        puback_only: args.puback_only,
        resend_us: (args.resend * 1e6) as u64,
        drain_us: (args.drain * 1e6) as u64,
        clock,
        // Different for every run, so that one run's acks are never taken for another's.
        boot: u64::try_from(clock.wall().as_millis()).context("the clock is before 1970")?,
        journal,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn report(args: &Load, plan: &Plan, connections: usize, tally: Tally) -> Report {
    let elapsed_s = tally.last_us as f64 / 1e6;
    Report {
        connections,
        protocol: args.protocol,
        rate: args.rate,
        seconds: args.seconds,
        window: args.window,
        due: plan.due_until_end(),
        sent: tally.sent,
        resent: tally.resent,
        acked: tally.acked,
        refused: tally.refused,
        stored: tally.stored,
        reconnects: tally.reconnects,
        elapsed_s,
        acked_per_s: if elapsed_s > 0.0 {
            tally.acked as f64 / elapsed_s
        } else {
            0.0
        },
        slip_ms: quantiles(tally.slips),
        acked_ms: quantiles(tally.acks),
        stored_ms: quantiles(tally.stores),
    }
}
