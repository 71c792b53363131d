//! A line for every acknowledgement, on disk as soon as it came: whoever kills the server, or us, can count afterwards.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::serial::Serial;
use domain::time::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::ledger::Acknowledged;

/// Chunks of lines on their way to the disk; a full queue makes connections wait, nothing is left out.
const QUEUE: usize = 1024;

/// Where connections write their lines; without a file it swallows them.
#[derive(Clone)]
pub struct Journal(Option<mpsc::Sender<String>>);

impl Journal {
    /// Appends to `file`, with a header if it is new. The task ends when all copies of the journal are gone.
    pub fn open(file: Option<&Path>) -> Result<(Self, JoinHandle<std::io::Result<()>>)> {
        let Some(path) = file else {
            return Ok((Self(None), tokio::task::spawn_blocking(|| Ok(()))));
        };
        let opened = OpenOptions::new().create(true).append(true).open(path);
        let mut file = opened.with_context(|| format!("cannot write {}", path.display()))?;
        if file.metadata()?.len() == 0 {
            file.write_all(b"event,serial,boot,seq,at,unix_ms\n")?;
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        Ok((
            Self(Some(sender)),
            tokio::task::spawn_blocking(move || write(file, receiver)),
        ))
    }

    /// Whether lines go anywhere.
    pub const fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Writes lines down.
    pub async fn write(&self, lines: String) {
        if let Some(sender) = &self.0
            && !lines.is_empty()
            && sender.send(lines).await.is_err()
        {
            tracing::error!("the log file cannot be written any more");
        }
    }
}

fn write(mut file: File, mut receiver: mpsc::Receiver<String>) -> std::io::Result<()> {
    while let Some(mut lines) = receiver.blocking_recv() {
        while let Ok(more) = receiver.try_recv() {
            lines.push_str(&more);
        }
        file.write_all(lines.as_bytes())?;
    }
    Ok(())
}

/// Which acknowledgement.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The broker's.
    PubAck,
    /// The server's.
    Ack,
}

/// Adds the line for one acknowledgement that came at `now`.
pub fn line(lines: &mut String, kind: Kind, serial: Serial, boot: u64, one: Acknowledged, now: Timestamp) {
    let event = match kind {
        Kind::PubAck => "puback",
        Kind::Ack => "ack",
    };
    let Acknowledged { seq, at, .. } = one;
    let written = writeln!(lines, "{event},{serial},{boot},{seq},{at},{now}");
    written.expect("writing to a string never fails");
}
