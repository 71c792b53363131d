//! `bench alert`: publish → a mail server's "250" in quiet times and in a storm, on both stacks; and what is left of alerts
//! and mails when the server is killed between the two again and again.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::Scale;
use super::crash::kill;
use super::figures::Figures;
use super::ingest::database::Database;
use super::ingest::programs::Programs;
use super::ingest::stack::{Door, Stack};
use crate::run::ports;
use crate::tools::Tools;

/// Homes with one watched device: their mails wait for nothing.
const SMALL_HOMES: usize = 20;
/// Homes with several: the first mail waits a second for what else there may be to tell.
const LARGE_HOMES: usize = 5;
const ROOMS: usize = 3;

/// How much of it.
#[derive(Clone, Copy)]
struct Extent {
    /// Crossings of each home in quiet times.
    crossings: u32,
    /// Homes and devices of each in the storm.
    storm: (usize, usize),
    /// Kills at each door.
    kills: usize,
}

impl Extent {
    fn of(scale: Scale) -> Self {
        match scale {
            Scale::Full => Self {
                crossings: 30,
                storm: (50, 20),
                kills: 200,
            },
            Scale::Quick => Self {
                crossings: 6,
                storm: (10, 20),
                kills: 5,
            },
        }
    }
}

/// Measures both stacks, kills, prints the table and writes it as JSON to `bench/results`.
///
/// # Errors
/// If something cannot be built, started or measured, or anything was forgotten or told twice.
pub fn run(tools: &Tools, scale: Scale) -> Result<()> {
    let programs = Programs::build(tools)?;
    let folder = tools.target_directory()?.join("bench/alert");
    fs::create_dir_all(&folder)?;
    let (mut figures, extent) = (Figures::default(), Extent::of(scale));
    let sqlite = Database::sqlite(&folder)?;
    measure(&programs, Door::Embedded, sqlite, &folder, extent, &mut figures)?;
    let mariadb = Database::mariadb(&folder)?;
    measure(&programs, Door::Mosquitto, mariadb, &folder, extent, &mut figures)?;
    kills(tools, extent, &mut figures)?;
    figures.save(tools, "alert", scale)
}

fn people(kind: &str, homes: usize, devices: usize) -> Vec<(String, usize)> {
    (0..homes)
        .map(|number| (format!("{kind}-{number}@templog.example"), devices))
        .collect()
}

fn measure(
    programs: &Programs,
    door: Door,
    database: Database,
    folder: &Path,
    extent: Extent,
    figures: &mut Figures,
) -> Result<()> {
    let name = format!("{} + {}", door.name(), database.name());
    println!("\n{name}");
    figures.begin(&name);
    let smtp = ports::free_from(24_025)?;
    let settings = vec![
        ("TEMPLOG_SMTP_URL", format!("smtp://127.0.0.1:{smtp}")),
        ("TEMPLOG_MAIL_FROM", "bench@templog.example".to_owned()),
        ("TEMPLOG_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
    ];
    let small = people("small", SMALL_HOMES, 1);
    let large = people("large", LARGE_HOMES, ROOMS);
    let (homes, devices) = extent.storm;
    let storm = people("storm", homes, devices);
    let all = [small.clone(), large.clone(), storm.clone()].concat();
    let mut stack = Stack::start_for(programs, door, database, folder, &all, settings)?;
    let (smtp, crossings) = (smtp.to_string(), extent.crossings.to_string());
    let quiet = ["--smtp-port", &smtp, "--what", "quiet", "--crossings", &crossings];
    let times = stack.alert(programs, &small, &quiet)?;
    figures.add("publish → 250, p50", times["p50_ms"].as_f64(), "ms", Some("aim ≤ 50"));
    figures.add("publish → 250, p99", times["p99_ms"].as_f64(), "ms", Some("aim ≤ 250"));
    let times = stack.alert(programs, &large, &quiet)?;
    let note = "waits a second for more to tell";
    let name = "publish → 250 where several rooms are watched, p50";
    figures.add(name, times["p50_ms"].as_f64(), "ms", Some(note));
    let seen = stack.alert(programs, &storm, &["--smtp-port", &smtp, "--what", "storm"])?;
    storm_figures(&seen, homes * devices, figures)?;
    stack.stop();
    Ok(())
}

fn storm_figures(seen: &Value, devices: usize, figures: &mut Figures) -> Result<()> {
    let of = |name: &str| seen[name].as_f64();
    let calm = of("calm_p99_ms");
    figures.add(
        &format!("publish → stored, {devices} devices within 1 s, p99"),
        calm,
        "ms",
        None,
    );
    let note = "the same, and all of them cross their limit";
    figures.add(
        "publish → stored in the storm, p99",
        of("storm_p99_ms"),
        "ms",
        Some(note),
    );
    figures.add("devices whose people were told", of("told"), "", None);
    let most = of("most_mails_to_one").context("the storm counts its mails")?;
    figures.add("mails to one person, at most", Some(most), "", Some("aim ≤ 1"));
    figures.add(
        "last crossing → last mail accepted",
        of("drained_s"),
        "s",
        Some("aim ≤ 5"),
    );
    ensure!(most <= 1.0, "somebody got {most} mails");
    Ok(())
}

/// How hard it was. Nothing is told of alerts or mails that are missing or too many: with one of them the test fails.
fn kills(tools: &Tools, extent: Extent, figures: &mut Figures) -> Result<()> {
    for line in kill(tools, "crash::alerts", extent.kills)? {
        let door = line["door"].as_str().context("a line names its door")?;
        println!("\n{door}");
        figures.begin(door);
        for (key, name) in [
            ("kills", "kills of the server between an alert and its mail"),
            ("alerts", "alerts"),
            ("mails", "mails"),
            ("doubles", "of these doubles: accepted, and killed before it was noted"),
        ] {
            let value = line[key].as_f64().with_context(|| format!("a line tells its {key}"))?;
            figures.add(name, Some(value), "", None);
        }
    }
    Ok(())
}
