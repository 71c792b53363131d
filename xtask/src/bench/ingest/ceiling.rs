//! The broker's ceiling: what a bare `mosquitto_sub` receives, QoS 1, from the same generator.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::broker::{Mosquitto, SERVER};
use super::database::empty;
use super::load::{Load, push};
use super::programs::Programs;

/// Messages per second on a fresh broker of the same configuration, with nobody else on it.
///
/// # Errors
/// If a part cannot be started.
pub fn bare_subscriber(programs: &Programs, folder: &Path, load: &Load) -> Result<f64> {
    let products: Vec<Value> = serde_json::from_slice(&std::fs::read(&load.credentials)?)?;
    let mut mosquitto = Mosquitto::start(&empty(folder.join("mosquitto-bare"))?, &products)?;
    let mut subscriber = Command::new("mosquitto_sub")
        .args([
            "-V",
            "5",
            "-h",
            "127.0.0.1",
            "-p",
            &mosquitto.port.to_string(),
            "-q",
            "1",
        ])
        .args([
            "-u",
            SERVER.0,
            "-P",
            SERVER.1,
            "-t",
            "templog/v1/+/telemetry",
            "-F",
            ".",
        ])
        // As many as the server lets be in the air. With the client's own 20 the figure would be that of its window, not
        // of the broker: each of its rounds over a thousand connections would bring 20 messages.
        .args(["-D", "CONNECT", "receive-maximum", "2048"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start mosquitto_sub")?;
    let mut output = subscriber.stdout.take().context("its output was asked for")?;
    let received = Arc::new(AtomicU64::new(0));
    let counter = received.clone();
    let counting = thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        // A dot and a line feed each.
        while let Ok(length @ 1..) = output.read(&mut buffer) {
            counter.fetch_add(length as u64, Ordering::Relaxed);
        }
    });
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let pushed = push(programs, &mosquitto.url(), load, || {
        Ok(received.load(Ordering::Relaxed) as f64 / 2.0)
    });
    subscriber.kill().ok();
    subscriber.wait().ok();
    counting.join().ok();
    mosquitto.stop();
    Ok(pushed?.arrived_per_s)
}
