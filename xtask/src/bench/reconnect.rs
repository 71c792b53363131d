//! `bench reconnect`: ten thousand devices, and ten thousand open pages, dropped at once by `kill -9` of the server, and how
//! soon the last of them is back and reporting, or told everything.

use anyhow::{Result, ensure};

use super::Scale;
use super::crash::kill;
use super::figures::Figures;
use crate::tools::Tools;

/// How many come back.
const fn crowd(scale: Scale) -> usize {
    match scale {
        // As many as the embedded broker takes.
        Scale::Full => 10_000,
        Scale::Quick => 500,
    }
}

/// Kills, waits, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If somebody does not come back, or the test cannot be built or run.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let lines = kill(tools, "crash::comeback", crowd(scale))?;
    ensure!(lines.len() == 2, "devices and pages were to be dropped");
    let mut figures = Figures::default();
    figures.begin("embedded broker + SQLite");
    for line in &lines {
        let (who, back_ms) = (line["who"].as_str().unwrap_or_default(), line["back_ms"].as_f64());
        let figure = format!("{} {who} dropped at once, all back after", line["crowd"]);
        figures.add(&figure, back_ms.map(|ms| ms / 1_000.0), "s", Some("aim ≤ 15"));
    }
    figures.save(tools, "reconnect", scale)
}
