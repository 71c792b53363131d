//! The generator: the simulator's load mode, QoS 1, each device its own connection.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::programs::Programs;
use crate::stopwatch::Stopwatch;

/// Connecting and the first batches are not what is measured.
const WARM_UP: Duration = Duration::from_secs(3);
const SAMPLE_EVERY: Duration = Duration::from_millis(50);

/// How hard to push.
#[derive(Clone)]
pub struct Load {
    /// Credentials of the devices, one connection each. At full speed their readings carry times of the last minutes,
    /// so they must not have reported before: late readings are another, rarer and slower, way through the intake.
    pub credentials: PathBuf,
    /// How many devices these are.
    pub devices: usize,
    /// Readings per second over all of them; 0 is as many as the broker takes.
    pub rate: u32,
    /// For how long.
    pub seconds: u32,
}

/// What came of it.
pub struct Pushed {
    /// Readings whose PUBACK came.
    pub acked: f64,
    /// How fast they arrived at the other end while the generator ran, 1/s.
    pub arrived_per_s: f64,
}

/// Publishes; `arrived` counts what has come out at the other end so far.
///
/// # Errors
/// If the generator fails, or no reading is acknowledged.
pub fn push(
    programs: &Programs,
    broker: &str,
    load: &Load,
    mut arrived: impl FnMut() -> Result<f64>,
) -> Result<Pushed> {
    let before = arrived()?;
    let mut generator = start(programs, broker, load)?;
    let watch = Stopwatch::start();
    let mut first = None;
    let mut last = (Duration::ZERO, before);
    while generator.try_wait()?.is_none() {
        let sample = (watch.elapsed(), arrived()?);
        // What comes after the generator's last second is its good-bye.
        if sample.0 < Duration::from_secs(load.seconds.into()) {
            last = sample;
        }
        if first.is_none() && sample.1 > before && sample.0 > WARM_UP {
            first = Some(sample);
        }
        sleep(SAMPLE_EVERY);
    }
    let (from, to) = (first.context("no reading arrived while the generator ran")?, last);
    let seconds = to.0.saturating_sub(from.0).as_secs_f64();
    ensure!(seconds > 1.0, "the generator ended before anything could be measured");
    Ok(Pushed {
        acked: totals(generator)?,
        arrived_per_s: (to.1 - from.1) / seconds,
    })
}

/// Publishes to a broker behind which nobody stores anything now; returns how many readings it took.
///
/// # Errors
/// If the generator fails, or no reading is acknowledged.
pub fn fire(programs: &Programs, broker: &str, load: &Load) -> Result<f64> {
    totals(start(programs, broker, load)?)
}

fn start(programs: &Programs, broker: &str, load: &Load) -> Result<Child> {
    let mut command = programs.simulator();
    command.args(["load", "--broker", broker]);
    command.arg("--credentials").arg(&load.credentials);
    command.args([
        "--connections",
        &load.devices.to_string(),
        "--rate",
        &load.rate.to_string(),
    ]);
    command.args(["--seconds", &load.seconds.to_string()]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    command.spawn().context("cannot start the generator")
}

fn totals(generator: Child) -> Result<f64> {
    let output = generator.wait_with_output()?;
    let totals: Value = serde_json::from_slice(&output.stdout).context("the generator printed no totals")?;
    let acked = totals["acked"]
        .as_f64()
        .context("the totals name no acknowledged readings")?;
    ensure!(acked > 0.0, "no reading was acknowledged: {totals}");
    Ok(acked)
}
