//! `bench cluster`: the test that kills each of five parts in turn, with a hundred kills under 2,000 readings a second,
//! and how soon each was told and overcome.
//!
//! The test itself compares the database with what every device was told: a reading that was acknowledged and is not
//! there exactly once, or a roll-up that is not the sum of its rows, ends it.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::Scale;
use super::crash::kill;
use super::figures::Figures;
use crate::tools::Tools;

const STACK: &str = "two instances + Mosquitto + MariaDB + Redis";
const PARTS: [&str; 5] = ["First", "Second", "Mosquitto", "MariaDb", "Redis"];

/// How often something is killed.
const fn kills(scale: Scale) -> usize {
    match scale {
        Scale::Full => 100,
        Scale::Quick => 5,
    }
}

/// Kills, compares, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If anything acknowledged was lost or doubled, or the test cannot be built or run.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let kills = kills(scale);
    let lines = kill(tools, "crash::cluster", kills)?;
    let mut figures = Figures::default();
    println!("\n{STACK}");
    figures.begin(STACK);
    ensure!(lines.len() == kills + 1, "not all kills were done");
    tell(&mut figures, &lines);
    figures.save(tools, "cluster", scale)
}

/// How hard it was. Nothing is told of lost or doubled readings: with one of them the test fails, and there is no table.
fn tell(figures: &mut Figures, lines: &[Value]) {
    for part in PARTS {
        let of_part = |figure: &str| {
            let lines = lines.iter().filter(|line| line["part"] == part);
            lines.filter_map(|line| line[figure].as_f64()).collect::<Vec<_>>()
        };
        let most = |values: Vec<f64>| values.into_iter().reduce(f64::max);
        #[expect(clippy::cast_precision_loss, reason = "some dozens")]
        figures.add(
            &format!("kills of {part}"),
            Some(of_part("told_ms").len() as f64),
            "",
            None,
        );
        figures.add(
            &format!("{part} gone: told by /readyz after, at most"),
            most(of_part("told_ms")),
            "ms",
            None,
        );
        figures.add(
            &format!("{part} back, all well after, at most"),
            most(of_part("well_ms")),
            "ms",
            None,
        );
    }
    let last = |figure: &str| lines.last().and_then(|line| line[figure].as_f64());
    figures.add(
        "readings acknowledged, none lost, none doubled",
        last("acknowledged"),
        "",
        None,
    );
    figures.add(
        "home page, p99 before the first kill",
        last("page_p99_before_ms"),
        "ms",
        None,
    );
    let note = Some("aim ≤ 2 × before");
    figures.add(
        "home page, p99 but for 5 s after each kill",
        last("page_p99_between_ms"),
        "ms",
        note,
    );
}
