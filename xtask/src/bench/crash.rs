//! `bench crash`: the test that kills the server at random moments, with all of its rounds, and what came of each.
//!
//! The test itself compares the database with what every device was told: a reading that was acknowledged and is not
//! there exactly once, or a roll-up that is not the sum of its rows, ends it.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Scale;
use super::figures::Figures;
use crate::check;
use crate::command;
use crate::tools::Tools;

/// How often the server is killed for each door.
fn rounds(scale: Scale) -> usize {
    match scale {
        Scale::Full => 50,
        Scale::Quick => 5,
    }
}

/// One kill: readings told to be stored since the last one.
struct Round {
    door: String,
    acknowledged: f64,
}

/// Kills, compares, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If anything acknowledged was lost or doubled, or the test cannot be built or run.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let rounds_done = parse(&kill(tools, "crash::rounds", rounds(scale))?)?;
    let mut figures = Figures::default();
    let mut doors: Vec<&str> = rounds_done.iter().map(|round| round.door.as_str()).collect();
    doors.dedup();
    ensure!(doors.len() == 2, "a door was not tested: only {doors:?}");
    for door in doors {
        let of_door: Vec<f64> = rounds_done
            .iter()
            .filter(|round| round.door == door)
            .map(|round| round.acknowledged)
            .collect();
        ensure!(of_door.len() == rounds(scale), "not all rounds were run through {door}");
        println!("\n{door}");
        figures.begin(door);
        tell(&mut figures, &of_door);
    }
    figures.save(tools, "crash", scale)
}

/// Lets the tests of this name kill the server so many times, and returns what they reported.
///
/// # Errors
/// If one of them fails, or cannot be built or run.
pub fn kill(tools: &Tools, tests: &str, rounds: usize) -> Result<Vec<Value>> {
    let report = tools.target_directory()?.join("bench/kills.jsonl");
    fs::create_dir_all(report.parent().context("the report has a folder")?)?;
    fs::write(&report, "")?;
    let mut cargo = tools.cargo();
    cargo.args(["test", "--quiet", "--locked"]);
    check::native(&mut cargo).args(["--test=it", "--", tests, "--test-threads=1"]);
    cargo
        .env("TEMPLOG_CRASH_ROUNDS", rounds.to_string())
        .env("TEMPLOG_CRASH_REPORT", &report);
    command::run(&mut cargo)?;
    let lines = fs::read_to_string(&report)?;
    lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// How hard it was. Nothing is told of lost or doubled readings: with one of them the test fails, and there is no table.
fn tell(figures: &mut Figures, acknowledged: &[f64]) {
    #[expect(clippy::cast_precision_loss, reason = "some dozens")]
    figures.add("kills of the server", Some(acknowledged.len() as f64), "", None);
    figures.add("readings acknowledged", Some(acknowledged.iter().sum()), "", None);
    let least = acknowledged.iter().copied().reduce(f64::min);
    let most = acknowledged.iter().copied().reduce(f64::max);
    figures.add("fewest between two kills", least, "", None);
    figures.add("most between two kills", most, "", None);
}

fn parse(report: &[Value]) -> Result<Vec<Round>> {
    let round = |line: &Value| -> Result<Round> {
        Ok(Round {
            door: line["door"].as_str().context("a round names its door")?.to_owned(),
            acknowledged: line["acknowledged"].as_f64().context("a round counts its readings")?,
        })
    };
    report.iter().map(round).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_line_of_the_report_is_a_round() {
        let report = [
            json!({"door": "a", "acknowledged": 7}),
            json!({"door": "b", "acknowledged": 9}),
        ];
        let rounds = parse(&report).unwrap();
        assert_eq!(rounds.len(), 2);
        assert_eq!((rounds[1].door.as_str(), rounds[1].acknowledged), ("b", 9.0));
        assert!(parse(&[json!({"door": "a"})]).is_err());
    }
}
